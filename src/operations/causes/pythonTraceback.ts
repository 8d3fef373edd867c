import type { Crash } from './crash';

const frame = /^(?:\[rank\d+\]:)?\s+File "[^"]*", line \d+(?:, in .+)?$/u;
const heading = /Traceback \(most recent call last\):\s*$/u;
const link =
  /^(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):$/u;
/** `ValueError: bad`, `KeyboardInterrupt`, `torch.cuda.OutOfMemoryError: ...` at the margin. */
const exception = /^(?:\[rank\d+\]:\s*)?[A-Za-z_][\w.]*(?::\s.*|:)?$/u;

/** What these say is that another process failed, whose own words stand above them. */
const messengers = /\b(?:ChildFailedError|CalledProcessError)\b/u;

/**
 * The last traceback of a log, whose heading may have been cut off. A line that is part of the code of a frame, or
 * marks a place in it, stands further in than its exception.
 */
export function pythonTraceback(lines: readonly string[]): Crash | undefined {
  const innermost = lines.findLastIndex((line) => frame.test(line));
  const said = lines.findIndex((line, at) => at > innermost && exception.test(line));
  if (innermost < 0 || said < 0 || said - innermost > 6) {
    return undefined;
  }
  const first = firstOf(lines, innermost);
  if (messengers.test(lines[said] ?? '')) {
    return pythonTraceback(lines.slice(0, first));
  }
  const place = lines.slice(innermost, Math.min(innermost + 2, said));
  return { rule: 'python-error', first, said, deciding: [...place, ...lines.slice(said, said + 2)] };
}

function firstOf(lines: readonly string[], innermost: number): number {
  let first = lines.findLastIndex((line, at) => at <= innermost && heading.test(line));
  while (first > 0 && link.test(lines[first - 1] ?? '')) {
    const before = lines.findLastIndex((line, at) => at < first && heading.test(line));
    if (before < 0) {
      return 0;
    }
    first = before;
  }
  return Math.max(0, first);
}
