/** An error that a language's runtime tells of when nobody caught it. Numbers are those of lines of the log. */
export interface Crash {
  /** Of logRules.ts, for errors of which no other rule knows more. */
  rule: 'python-error' | 'node-error';
  /** Where it begins, with the errors that led to it. */
  first: number;
  /** The line that says what the error is. */
  said: number;
  /** What to show of it. */
  deciding: string[];
}
