import { bytes } from './sizes';
import { lastFound, percent, share, type Reader } from './reading';

const phase =
  /^((?:remote: )?(?:Counting|Compressing|Enumerating|Receiving|Writing|Unpacking) objects|Resolving deltas|Updating files|Checking out files|Filtering content):\s{1,4}(\d{1,3})% \((\d{1,12})\/(\d{1,12})\)(?:, ([\d.]{1,9}) ([KMGT]?i?B|bytes)\b)?/;

/** git clone, fetch and push with `--progress`: the phase that it is at. */
export const readGit: Reader = (rows) => {
  const found = lastFound(rows, (text) => {
    const [, name, shown, n, all, amount, unit = ''] = phase.exec(text) ?? [];
    const fraction = share(Number(n), Number(all)) ?? percent(shown);
    return name === undefined || fraction === undefined
      ? undefined
      : { name, fraction, done: amount === undefined ? undefined : bytes(amount, unit, 1024) };
  });
  if (!found) {
    return undefined;
  }
  const { name, fraction, done } = found.value;
  return {
    row: found.row,
    progress: { progress: fraction, message: name, ...(done !== undefined && { sizeDoneBytes: done }) },
  };
};
