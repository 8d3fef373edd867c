/**
 * What a case is at. `waiting`: until its files are quiet. `seen`: it was there before its folder was watched and
 * is not submitted. `changed`: its files are not those that were submitted any more.
 */
export const caseStates = [
  'waiting',
  'uploading',
  'uploaded',
  'submitted',
  'failed',
  'changed',
  'seen',
] as const;
export type CaseState = (typeof caseStates)[number];

/** A folder within a watched one, as views show it. */
export interface CaseView {
  id: string;
  name: string;
  state: CaseState;
  /** Why it failed, or what it waits for. */
  reason?: string;
  /** While it is uploaded. */
  doneBytes?: number;
  totalBytes?: number;
  /** Its operation, once there is one. */
  operationId?: string;
  /** Where it lies on the host. */
  remotePath?: string;
}

/** A watched folder with its cases: those that need the user first, then those under way, then the newest. */
export interface WatchFolderView {
  id: string;
  path: string;
  hostId: string;
  remoteDir: string;
  /** Why it cannot be looked at now. */
  problem?: string;
  cases: CaseView[];
  /** How many further cases there are. */
  more: number;
}
