/** Why an operation ended, for people. */
export interface Cause {
  /** One plain sentence, without a full stop. */
  title: string;
  /** The lines of its log that decided that, or else its last ones, in their order. */
  lines?: string[];
}

/**
 * What the end of its log tells of why it ended: stored, as the log stays on the host. What it means is worded when
 * it is shown.
 */
export interface LogFinding {
  /** A rule of logRules.ts; missing where none applies, and `lines` are just the last ones. */
  rule?: string;
  /** What the rule's line names: a port, a file, an amount. */
  values?: string[];
  /** The rule speaks of a line that need not be what ended it. */
  isLikely?: true;
  /** At most five. */
  lines: string[];
}

/**
 * What ended it where that was no exit code of its own, as far as its host tells. `kill`: the mark of a kill by
 * Remote Operations lies there. `restart`: the machine has another boot id. `signal`: its supervisor passed on a
 * signal from outside. `vanished`: all its processes are gone, and not even the supervisor could write why.
 */
export type EndedBy = 'kill' | 'restart' | 'signal' | 'vanished';

export const mostLines = 5;
export const longestLine = 300;
