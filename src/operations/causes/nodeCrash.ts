import type { Crash } from './crash';

const signature = /^Node\.js v\d+\.\d+/u;
const error = /^(?:Uncaught )?[\w$.]*(?:Error|Exception)\b/u;
/** `[eval]:1`, or `/srv/app.js:12`, which Node prints first. */
const place = /^\S.*:\d+$/u;

/** An error that nobody caught: Node prints it with its stack, and then its own version as the last line. */
export function nodeCrash(lines: readonly string[]): Crash | undefined {
  const end = lines.findLastIndex((line) => signature.test(line));
  if (end < 0 || end < lines.length - 2) {
    return undefined;
  }
  const said = lines.findLastIndex((line, at) => at < end && error.test(line));
  if (said < 0) {
    return undefined;
  }
  const first = lines.findLastIndex((line, at) => at < said && place.test(line));
  const stack = lines.slice(said + 1, said + 3).filter((line) => /^\s+at /u.test(line));
  return {
    rule: 'node-error',
    first: Math.max(0, first),
    said,
    deciding: [lines[said] ?? '', ...stack],
  };
}
