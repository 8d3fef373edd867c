/** How many tasks of a job array are in which state. */
export interface TaskCounts {
  pending: number;
  running: number;
  completed: number;
  failed: number;
  cancelled: number;
}

/** What the scheduler of a cluster last said about an operation's job. */
export interface SchedulerJob {
  jobId: string;
  /** In the scheduler's own words, like "PENDING"; of an array that of most interest. */
  state: string;
  /** Why it waits, or why it ended, in the scheduler's own words. */
  reason?: string;
  partition?: string;
  /** The queue of pueue that it is in. */
  group?: string;
  /** Where it runs: one node, or a list in the scheduler's notation. */
  node?: string;
  /** When it is expected to start, by the scheduler's clock. ISO 8601 in UTC. */
  estimatedStart?: string;
  timeLimitSeconds?: number;
  /** Of a job array. */
  tasks?: TaskCounts;
}
