import { bytesOf } from './sizes';
import { lastFound, percent, share, type Found, type Reader } from './reading';

const bar = /(?:\s|^)(\d{1,3})%\s?\[[=+>< ]{0,400}\]\s{1,12}([\d.]{1,9}[KMGT]?)\s/;
const barWithoutTotal = /\[[=+>< ]{0,400}<=>[=+>< ]{0,400}\]\s{1,12}([\d.]{1,9}[KMGT]?)\s/;
const dots = /^\s{0,12}(\d{1,12})K\s[., ]{1,200}(?:\s(\d{1,3})%|\s|$)/;
const length = /^Length: (\d{1,18}) \(/;
const saved = /^\d{4}-\d\d-\d\d .{1,60} - .{1,600} saved \[(\d{1,18})(?:\/(\d{1,18}))?\]$/;

interface State {
  fraction?: number | undefined;
  done: number;
  total?: number;
}

/** wget: a bar on a terminal, dots in a file. */
export const readWget: Reader = (rows) => {
  const found = lastFound(rows, stateIn);
  if (!found) {
    return undefined;
  }
  const total = found.value.total ?? lengthBefore(found, rows);
  // Of the last line of dots only its beginning is known in bytes.
  const done = found.value.fraction === 1 ? total : found.value.done;
  const fraction = share(done ?? NaN, total ?? NaN) ?? found.value.fraction;
  return {
    row: found.row,
    progress: {
      ...(fraction !== undefined && { progress: fraction }),
      ...(done !== undefined && { sizeDoneBytes: done }),
      ...(total !== undefined && total >= (done ?? 0) && { sizeTotalBytes: total }),
    },
  };
};

function stateIn(text: string): State | undefined {
  const [, shown, amount] = bar.exec(text) ?? [];
  const done = bytesOf(amount ?? barWithoutTotal.exec(text)?.[1] ?? '', 1024);
  if (done !== undefined) {
    return { done, fraction: percent(shown) };
  }
  const [, kibibytes, dotted] = dots.exec(text) ?? [];
  if (kibibytes !== undefined) {
    return { done: Number(kibibytes) * 1024, fraction: percent(dotted) };
  }
  const [, all, whole] = saved.exec(text) ?? [];
  return all === undefined
    ? undefined
    : { done: Number(all), ...(whole === all && { fraction: 1, total: Number(all) }) };
}

const lengthBefore = ({ row }: Found<State>, rows: Parameters<Reader>[0]): number | undefined => {
  const found = lastFound(rows, (text) => length.exec(text)?.[1], row);
  return found && Number(found.value);
};
