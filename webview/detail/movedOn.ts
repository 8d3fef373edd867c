/**
 * How many lines went at the top while a log moved on: those after them are the first of what there is now, except that the
 * last one may have grown or been rewritten. Where it is another text, all but the last. Pure.
 */
export function movedOn(before: readonly string[], now: readonly string[]): number {
  for (let gone = 0; gone < before.length; gone++) {
    const whole = before.slice(gone, -1);
    if (whole.length < now.length && whole.every((line, at) => line === now[at])) {
      return gone;
    }
  }
  return before.length;
}
