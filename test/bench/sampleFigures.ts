import type { Machine } from '../../src/hosts/machine';
import type { HostReading } from '../../src/operations/hostReading';
import type { Operation } from '../../src/operations/operation';
import { machineWithShell } from '../testbed/localMachine';
import { type Figure, median, ms } from './figures';
import { launchFleet } from './fleet';
import { type Range, roundTripMs } from './range';
import { newLauncher } from './wholeEngine';

const hostId = 'far';
const size = 100;
const runs = 31;
/** What a look may cost more where it also tells what is used. */
const mostOverTheNetwork = 1.5;

/** The same looks with and without a sample, in turn, over the network and without one. */
export async function sampleFigures(range: Range): Promise<Figure[]> {
  const fleet = await launchFleet(range.sshd.home, hostId, size);
  const far = await compare(range.machine(hostId), fleet);
  const here = await compare(machineWithShell(['sh'], range.sshd.home), fleet);
  return [
    {
      work: `a look at ${size} operations with a sample, against one without, ${roundTripMs} ms round trip`,
      measured: `${far.ratio.toFixed(2)}x (${ms(far.sampled)}, ${ms(far.plain)})`,
      target: `${mostOverTheNetwork}x`,
      met: far.ratio <= mostOverTheNetwork,
    },
    {
      work: 'the same without a network: what the host does for it',
      measured: `${here.ratio.toFixed(2)}x (${ms(here.sampled)}, ${ms(here.plain)})`,
      target: '',
    },
  ];
}

async function compare(machine: Machine, fleet: readonly Operation[]) {
  const launcher = newLauncher();
  const requests = fleet.map((operation) => ({ operation, detail: true }));
  const look = async (isSampled: boolean): Promise<number> => {
    const readings: HostReading[] = [];
    const began = performance.now();
    const seen = await launcher.probe(machine, 'the bench', requests, {
      ...(isSampled && { onReading: (reading) => readings.push(reading) }),
    });
    const took = performance.now() - began;
    const alive = [...seen.values()].filter(({ kind }) => kind === 'alive').length;
    if (alive !== size || (isSampled && readings[0]?.uses.size !== size)) {
      throw new Error(`A look that is not what was to be measured: ${alive} alive`);
    }
    return took;
  };
  try {
    await look(true);
    const times = { plain: [] as number[], sampled: [] as number[] };
    for (let run = 0; run < runs; run++) {
      times.plain.push(await look(false));
      times.sampled.push(await look(true));
    }
    const [plain, sampled] = [median(times.plain), median(times.sampled)];
    return { plain, sampled, ratio: sampled / plain };
  } finally {
    machine.dispose();
  }
}
