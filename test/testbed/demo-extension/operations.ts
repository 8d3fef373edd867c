import type { SubmitSpec } from '../../../src/api';

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** All four types; some end well, one fails, the others go on for minutes. Two tell of themselves by their log alone. */
export function demoOperations(node: string, programs: string, port: number): SubmitSpec[] {
  const run = (program: string, ...args: number[]) =>
    [quote(node), quote(`${programs}/${program}.mjs`), ...args].join(' ');
  return [
    { type: 'server', name: 'docs-server', command: run('server', port), port },
    { type: 'job', name: 'train-baseline', command: run('train', 40, 240) },
    { type: 'job', name: 'fine-tune', command: run('tune', 5, 25) },
    { type: 'program', name: 'nightly-report', command: run('report', 60, 180) },
    { type: 'program', name: 'validate-prices', command: run('fail', 15, 3) },
    { type: 'transfer', name: 'dataset.bin', command: run('download', 48, 120) },
  ].map((spec) => ({ ...spec, hostId: 'demo' }) as SubmitSpec);
}
