import { bytes } from './sizes';
import { lastFound, share, type Reader } from './reading';

const bar = /[━╸╺]{3,100}\s([\d.]{1,9})\/([\d.]{1,9})\s([kMGT]?B)\b/;
const counted = /[━╸╺]{3,100}\s(\d{1,6})\/(\d{1,6})\s\[/;
const raw = /^Progress (\d{1,18}) of (\d{1,18})$/;
const act = /^\s{0,4}((?:Collecting|Downloading|Building|Installing|Preparing|Uninstalling)\s.{1,200})/;

interface State {
  done: number;
  total: number;
  isBytes: boolean;
}

/** pip: how far the file is that it fetches, or the packages that it installs, and what it says it does. */
export const readPip: Reader = (rows) => {
  const found = lastFound(rows, stateIn);
  const act = lastFound(rows, actIn);
  if (!act || (!found && !lastFound(rows, (text) => /^Collecting \S{1,200}/.test(text) || undefined))) {
    return undefined;
  }
  // What it says after a bar is the next thing that it does.
  const isOver = !found || act.row > found.row;
  const fraction = found && !isOver ? share(found.value.done, found.value.total) : undefined;
  return {
    row: Math.max(act.row, found?.row ?? 0),
    progress: {
      message: act.value,
      ...(found && fraction !== undefined && { progress: fraction, ...sizes(found.value) }),
    },
  };
};

function stateIn(text: string): State | undefined {
  const [, part, whole, unit = ''] = bar.exec(text) ?? [];
  if (part !== undefined && whole !== undefined) {
    const [done, total] = [bytes(part, unit, 1000), bytes(whole, unit, 1000)];
    return done === undefined || total === undefined ? undefined : { done, total, isBytes: true };
  }
  const [, fetched, size] = raw.exec(text) ?? [];
  if (fetched !== undefined) {
    return { done: Number(fetched), total: Number(size), isBytes: true };
  }
  const [, n, all] = counted.exec(text) ?? [];
  return n === undefined ? undefined : { done: Number(n), total: Number(all), isBytes: false };
}

const actIn = (text: string): string | undefined =>
  act.exec(text)?.[1] ?? (/^Successfully (?:installed|downloaded) .{1,200}/.exec(text) ?? [])[0];

const sizes = ({ done, total, isBytes }: State) =>
  isBytes ? { sizeDoneBytes: done, sizeTotalBytes: total } : {};
