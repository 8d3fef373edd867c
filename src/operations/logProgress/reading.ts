import type { Progress } from '../progress';
import type { Row } from './screen';

/** What one tool's way of writing gave. */
export interface Reading {
  /** The last row that it rests on. */
  row: number;
  progress: Progress;
  /** It tells of a part of the work only, and nothing against what is known of the whole. */
  isPart?: boolean;
}

/** Reads the rows as one tool, or family of tools, writes them; `undefined` when it finds nothing of its own. */
export type Reader = (rows: readonly Row[]) => Reading | undefined;

export interface Found<T> {
  row: number;
  value: T;
}

/** The last row, before `end`, that `read` makes something of. */
export function lastFound<T>(
  rows: readonly Row[],
  read: (text: string, row: Row) => T | undefined,
  end = rows.length,
): Found<T> | undefined {
  for (let row = end - 1; row >= 0; row--) {
    const { text } = rows[row] as Row;
    const value = text === '' ? undefined : read(text, rows[row] as Row);
    if (value !== undefined) {
      return { row, value };
    }
  }
  return undefined;
}

/** The share, when it is one: neither more than all nor of nothing. */
export function share(done: number, total: number): number | undefined {
  return Number.isFinite(done) && Number.isFinite(total) && total > 0 && done >= 0 && done <= total
    ? done / total
    : undefined;
}

/** `"45"` of a percentage; nothing beyond 100. */
export const percent = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : share(Number(digits), 100);
