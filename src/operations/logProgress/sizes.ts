const powers = ['', 'k', 'm', 'g', 't', 'p'];

/** Bytes in a size as tools print it, like `28.6` and `M` or `MiB`; an `i` makes it binary in any case. */
export function bytes(number: string, unit: string, step: 1000 | 1024): number | undefined {
  const [, prefix = '', binary] = /^([kmgtp]?)(i?)(?:b|bytes)?$/i.exec(unit) ?? [];
  const power = powers.indexOf(prefix.toLowerCase());
  const value = Number(number);
  if (!/^(?:[kmgtp]?i?b?|bytes)$/i.test(unit) || !Number.isFinite(value) || value < 0) {
    return undefined;
  }
  return Math.round(value * (binary ? 1024 : step) ** power);
}

/** The same of one word, like `28.6M` or `120`. */
export function bytesOf(word: string, step: 1000 | 1024): number | undefined {
  const [, number, unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?)([A-Za-z]{0,5})$/.exec(word) ?? [];
  return number === undefined ? undefined : bytes(number, unit, step);
}
