/** Time limits as people write them. Pure. */

const units: Record<string, number> = { s: 1, min: 60, m: 60, h: 3600, d: 86_400 };
const form = /^(\d+(?:\.\d+)?)\s*(s|min|m|h|d)?\s*/iu;

/** `90` (minutes), `90 min`, `1 h 30 min`, `2d`. Seconds, or `NaN` for what is none of it. */
export function durationSeconds(text: string): number {
  let rest = text.trim();
  let seconds = rest === '' ? NaN : 0;
  while (rest !== '') {
    const [all = '', amount, unit] = form.exec(rest) ?? [];
    if (
      amount === undefined ||
      (unit === undefined && rest !== text.trim()) ||
      (unit === undefined && all !== rest)
    ) {
      return NaN;
    }
    seconds += Number(amount) * (units[(unit ?? 'min').toLowerCase()] ?? NaN);
    rest = rest.slice(all.length);
  }
  return Math.round(seconds);
}

/** `1 h 30 min`: what `durationSeconds` reads. */
export function durationText(seconds: number): string {
  let rest = seconds;
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'min', 's']) {
    const size = units[unit] ?? 1;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) {
      parts.push(`${count} ${unit}`);
    }
  }
  return parts.join(' ');
}
