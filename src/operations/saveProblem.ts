/** The local disk does not take what happens. It is kept in memory, and written as soon as the disk does. */
export interface SaveProblem {
  /** What the system says. */
  reason: string;
  /** ISO 8601 in UTC. */
  since: string;
}
