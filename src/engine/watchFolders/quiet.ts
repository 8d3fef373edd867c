/** Since when a folder has looked the same. Times of this computer's monotonic clock. */
export interface Quiet {
  fingerprint: string;
  sinceMs: number;
}

/** What a look adds to what is known of a folder. */
export const noteLook = (before: Quiet | undefined, fingerprint: string, nowMs: number): Quiet =>
  before?.fingerprint === fingerprint ? before : { fingerprint, sinceMs: nowMs };

export const isQuiet = ({ sinceMs }: Quiet, nowMs: number, quietSeconds: number): boolean =>
  nowMs - sinceMs >= quietSeconds * 1000;
