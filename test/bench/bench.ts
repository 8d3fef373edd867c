// npm run bench [-- sync sample end slurm store dashboard idle activation]: measures, and prints one table.
import { ensurePrograms, type Program } from '../testbed/systemPackages.mjs';
import { activationFigure } from './activationFigure';
import { dashboardFigures } from './dashboardFigures';
import { endFigure } from './endFigure';
import { type Figure, table } from './figures';
import { idleFigure } from './idleFigure';
import { endWith, untilInterrupted } from './interruption';
import { type Range, startRange } from './range';
import { sampleFigures } from './sampleFigures';
import { slurmFigures } from './slurmFigures';
import { storeFigures } from './storeFigures';
import { syncFigures } from './syncFigures';

const parts: Record<string, (range: Range) => Promise<Figure | Figure[]>> = {
  sync: syncFigures,
  sample: sampleFigures,
  end: endFigure,
  slurm: slurmFigures,
  store: storeFigures,
  dashboard: dashboardFigures,
  idle: idleFigure,
  activation: activationFigure,
};

const programs: Program[] = ['sshd', 'ssh-keygen', 'browser', 'slurmctld', 'munged', 'slurmdbd', 'mariadbd'];

async function main(asked: readonly string[]): Promise<void> {
  const names = asked.length > 0 ? asked : Object.keys(parts);
  const unknown = names.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) {
    throw new Error(`No part "${unknown}". There are: ${Object.keys(parts).join(', ')}.`);
  }
  if (!ensurePrograms(programs)) {
    throw new Error('Programs are missing.');
  }
  const figures: Figure[] = [];
  for (const name of names) {
    console.error(`measuring: ${name}`);
    // Each on a server of its own: what one part has started must not slow the next.
    const range = await startRange();
    try {
      const measured = await untilInterrupted(Promise.resolve(parts[name]?.(range) ?? []));
      figures.push(...[measured].flat());
    } finally {
      await range.stop();
    }
  }
  console.log(table(figures));
  console.log(
    `${figures.filter(({ met }) => met).length} of ${figures.filter(({ met }) => met !== undefined).length} targets met`,
  );
}

main(process.argv.slice(2)).catch(endWith);
