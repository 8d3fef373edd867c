/**
 * OpenSSH's patterns (ssh_config(5), PATTERNS): `*` is any run of characters, `?` exactly one. Written
 * without a regular expression, so that a hostile pattern cannot make it run for ever.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') {
    p++;
  }
  return p === pattern.length;
}

/** At least one pattern matches, and none of the negated ones (`!pattern`) does. */
export function matchesPatternList(patterns: readonly string[], text: string): boolean {
  const negated = patterns.some(
    (pattern) => pattern.startsWith('!') && matchesWildcard(pattern.slice(1), text),
  );
  return !negated && patterns.some((pattern) => !pattern.startsWith('!') && matchesWildcard(pattern, text));
}
