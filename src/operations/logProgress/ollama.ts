import { bytes } from './sizes';
import { lastFound, percent, type Reader } from './reading';

const layer = /^pulling ([0-9a-f]{12})(?::|\.\.\.)\s{1,20}(\d{1,3})%\s?[▕|]?(.{0,400})$/;
const amounts = /([\d.]{1,9}) ([KMGT]?B)(?:\/\s?([\d.]{1,9}) ([KMGT]?B))?/;

/** ollama pull: the layer that it is at. */
export const readOllama: Reader = (rows) => {
  const found = lastFound(rows, (text) => {
    const [, digest, shown, rest = ''] = layer.exec(text) ?? [];
    const fraction = percent(shown);
    return digest === undefined || fraction === undefined ? undefined : { digest, fraction, rest };
  });
  if (!found) {
    return undefined;
  }
  const { digest, fraction, rest } = found.value;
  const [, first = '', unit = '', second, unitOfAll = ''] = amounts.exec(rest) ?? [];
  // At its end only the size is told.
  const done = second === undefined && fraction < 1 ? undefined : bytes(first, unit, 1000);
  const total = second === undefined ? done : bytes(second, unitOfAll, 1000);
  const known = done !== undefined && total !== undefined && done <= total && total > 0;
  return {
    row: found.row,
    progress: {
      progress: fraction,
      message: `pulling ${digest}`,
      ...(known && { sizeDoneBytes: done, sizeTotalBytes: total }),
    },
  };
};
