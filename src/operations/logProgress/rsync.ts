import { bytesOf } from './sizes';
import { lastFound, percent, type Reader } from './reading';

/** Bytes, percent, speed, time; at the end of a file which it was and how many are left to look at. */
const state =
  /^\s{0,20}(\d[\d.,']{0,24}[KMGT]?)\s{1,12}(\d{1,3})%\s{1,12}\d[\d.,]{0,12}[kMGT]?B\/s\s{1,12}\d{1,6}:\d\d:\d\d(?:\s\(xfr#\d{1,9}, (?:to|ir)-chk=\d{1,9}\/\d{1,9}\))?\s{0,4}$/;

/** rsync: all files together with `--info=progress2`, else the file that is under way. */
export const readRsync: Reader = (rows) => {
  const found = lastFound(rows, (text) => {
    const [, amount = '', shown] = state.exec(text) ?? [];
    const fraction = percent(shown);
    // Exact numbers are grouped in threes, by whatever the language there uses.
    const done = bytesOf(amount.replace(/[.,'](?=\d{3}(?:[.,']|$))/g, '').replace(',', '.'), 1000);
    return fraction === undefined || done === undefined ? undefined : { fraction, done };
  });
  return (
    found && { row: found.row, progress: { progress: found.value.fraction, sizeDoneBytes: found.value.done } }
  );
};
