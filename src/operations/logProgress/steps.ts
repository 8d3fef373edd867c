import { lastFound, percent, share, type Found, type Reader } from './reading';

const numbered = /^(?:#\d{1,4}\s)?\[\s{0,8}(\d{1,7})\/(\d{1,7})\]\s?(.{0,200})/;
const named = /^\W{0,3}(?:step|iter|iteration|task)\b[\s:=#-]{0,3}[[(]?\s?(\d{1,9})\s?\/\s?(\d{1,9})\b/i;
const stated =
  /\bprogress\b[\s:=]{1,3}(\d{1,3}(?:\.\d{1,3})?)\s?%|(?:^|\s)(\d{1,3}(?:\.\d{1,3})?)\s?% (?:complete|completed|done)\b/i;

interface Step {
  fraction: number;
  total?: number;
  text?: string;
}

/** Builds and scripts that count: `[12/345] Compiling`, `Step 12/345`, `Progress: 45%`. */
export const readSteps: Reader = (rows) => {
  const found = lastFound(rows, stepIn);
  if (!found) {
    return undefined;
  }
  const { value, row } = found;
  if (value.text !== undefined && !isCounting(found, lastFound(rows, stepIn, row))) {
    return undefined;
  }
  return { row, progress: { progress: value.fraction, ...(value.text && { message: value.text }) } };
};

function stepIn(text: string): Step | undefined {
  const [, n, all, what] = numbered.exec(text) ?? named.exec(text) ?? [];
  const fraction = share(Number(n), Number(all));
  if (fraction !== undefined) {
    return { fraction, total: Number(all), ...(what !== undefined && { text: what.trim() }) };
  }
  const [, after, before] = stated.exec(text) ?? [];
  const whole = percent(after ?? before);
  return whole === undefined ? undefined : { fraction: whole };
}

/** Brackets alone may be a date or a page: only with another one before it, lower and of the same total. */
const isCounting = (last: Found<Step>, before: Found<Step> | undefined): boolean =>
  before !== undefined &&
  before.value.total === last.value.total &&
  before.value.fraction <= last.value.fraction;
