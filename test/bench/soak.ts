// npm run soak -- [--minutes 10] [--operations 200] [--seed N]
import { parseArgs } from 'node:util';
import { ensurePrograms } from '../testbed/systemPackages.mjs';
import { endWith } from './interruption';
import { soak, type SoakReport } from './soak/soak';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    operations: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const counts = (record: Record<string, number>): string =>
  Object.entries(record)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

function print(report: SoakReport): void {
  const { faults, crashes, interrupted, unconfirmed, executed, quietAfterMs } = report;
  console.log(`\nnetwork faults   ${counts(faults)}`);
  console.log(`engine crashes   ${crashes}, with ${interrupted} calls under way`);
  console.log(`executed         ${executed}, ${unconfirmed} launches had been in doubt`);
  console.log(`rows             ${counts(report.statuses)}`);
  console.log(`quiet            ${(quietAfterMs / 1000).toFixed(1)} s after the last fault`);
  for (const disagreement of report.disagreements) {
    console.log(`DISAGREEMENT     ${disagreement}`);
  }
  console.log(`${report.disagreements.length} disagreements`);
}

async function main(): Promise<void> {
  if (!ensurePrograms(['sshd', 'ssh-keygen', 'bash'])) {
    process.exitCode = 1;
    return;
  }
  const [minutes, operations, seed] = [values.minutes, values.operations, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  if (!(minutes > 0 && operations > 0 && Number.isInteger(seed))) {
    throw new Error('Say: npm run soak -- --minutes 10 --operations 200 --seed 1');
  }
  console.log(`Soak: ${minutes} minutes, ${operations} operations, seed ${seed}`);
  const began = performance.now();
  const seconds = minutes * 60;
  const report = await soak({
    seconds,
    operations,
    seed,
    faultEverySeconds: Math.min(30, seconds / 4),
    crashEverySeconds: Math.min(60, seconds / 3),
    log: (line) => console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`),
  });
  print(report);
  process.exitCode = report.disagreements.length > 0 ? 1 : 0;
}

main().catch(endWith);
