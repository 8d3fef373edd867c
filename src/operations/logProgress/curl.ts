import { bytesOf } from './sizes';
import { lastFound, percent, type Reader } from './reading';

const columns = 12;
const isTime = (word: string): boolean =>
  /^[\d-]{1,3}:[\d-]{2}:[\d-]{2}$|^\d{1,3}d(?:\s?\d{1,2}h)?$/.test(word);
const hashes = /^#{0,400}\s{0,400}(\d{1,3}\.\d)%$/;

interface State {
  fraction?: number;
  done?: number;
  total?: number;
}

/** curl: its meter of twelve columns, or with `-#` its bar. */
export const readCurl: Reader = (rows) => {
  const found = lastFound(rows, (text) => meter(text) ?? hashBar(text));
  if (!found) {
    return undefined;
  }
  const { fraction, done, total } = found.value;
  return {
    row: found.row,
    progress: {
      ...(fraction !== undefined && { progress: fraction }),
      ...(done !== undefined && { sizeDoneBytes: done }),
      ...(total !== undefined && { sizeTotalBytes: total }),
    },
  };
};

/** Percent and size of all, of what was received, of what was sent; two speeds, three times, the speed now. */
function meter(text: string): State | undefined {
  const words = text.trim().split(/\s+/, columns + 1);
  if (words.length !== columns || !words.slice(8, 11).every(isTime)) {
    return undefined;
  }
  const [, all = '', inPercent, incoming = '', outPercent, outgoing = ''] = words;
  const [total, received, sent] = [all, incoming, outgoing].map((word) => bytesOf(word, 1024));
  if (total === undefined || received === undefined || sent === undefined) {
    return undefined;
  }
  const isUpload = sent > received;
  const done = isUpload ? sent : received;
  const fraction = percent(isUpload ? outPercent : inPercent);
  // Without a length from the server, it calls what has come so far the total.
  const isKnown = total > done || fraction === 1;
  if (fraction === undefined || !isKnown || total < done) {
    return done > 0 ? { done } : {};
  }
  return { fraction: done / Math.max(1, total), done, total };
}

function hashBar(text: string): State | undefined {
  const fraction = percent(hashes.exec(text)?.[1]);
  return fraction === undefined ? undefined : { fraction };
}
