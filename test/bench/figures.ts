/** One line of the table that the benchmark prints. */
export interface Figure {
  work: string;
  measured: string;
  /** Empty: none was set, and `met` is left out. */
  target: string;
  /** How many times faster than others' ways to the same end. */
  ratios?: string;
  met?: boolean;
}

/** Middle and nearly worst of what was measured. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
export const p95 = (values: readonly number[]): number => quantile(values, 0.95);

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? NaN;
}

/** Milliseconds of each of a number of runs. */
export async function timeEach(runs: number, run: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < runs; at++) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  return times;
}

export const ms = (value: number): string =>
  value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;

export const times = (theirs: number, ours: number): string => {
  const ratio = theirs / ours;
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)}x`;
};

/** As Markdown, which reads well in a terminal too. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ['work', 'measured', 'target', 'faster than others', 'met'],
    ...figures.map(({ work, measured, target, ratios = '', met }) => [
      work,
      measured,
      target,
      ratios,
      met === undefined ? '' : met ? 'yes' : 'no',
    ]),
  ];
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}
