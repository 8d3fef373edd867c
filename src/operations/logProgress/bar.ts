import { bytesOf } from './sizes';
import { metricsIn } from './metrics';
import { percent, share } from './reading';

/** A bar as tqdm draws it. */
export interface Bar {
  /** What stands before it, which is nothing where the program named none. */
  name: string;
  fraction: number;
  done: string;
  total: string;
  metrics: Record<string, number> | undefined;
  bytes: { done: number; total: number } | undefined;
}

/** `NAME:  45%|████▌     | 45/100 [00:10<00:12,  4.5it/s, loss=0.31]` */
export function barIn(text: string): Bar | undefined {
  const at = text.indexOf('%|');
  const end = text.indexOf('| ', at + 2);
  if (at < 0 || end < 0) {
    return undefined;
  }
  const [, shown] = /(\d{1,3})$/.exec(text.slice(0, at)) ?? [];
  const [, done = '', total = '', stats = ''] =
    /^\| (\S{1,24})\/(\S{1,24}) \[([^\]]{0,400})/.exec(text.slice(end)) ?? [];
  const parts = [count(done), count(total)] as const;
  const [have = NaN, all = NaN] = parts;
  const fraction = share(have, all) ?? percent(shown);
  if (shown === undefined || fraction === undefined || done === '') {
    return undefined;
  }
  const [, ...told] = stats.split(', ');
  return {
    name: text
      .slice(0, at - shown.length)
      .trim()
      .replace(/:$/, ''),
    fraction,
    done,
    total,
    metrics: metricsIn(told.join(', ')),
    bytes: /B\/s$/.test(told[0] ?? '') && have <= all ? { done: have, total: all } : undefined,
  };
}

/** A count with the decimal prefix that tqdm gives it by default. */
const count = (word: string): number | undefined => bytesOf(word, 1000);
