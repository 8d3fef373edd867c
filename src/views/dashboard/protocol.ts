/** What the dashboard's host side and its webview say to each other. Both import only this and changes.ts. */
import type { OperationView } from '../../operations/operationView';
import type { OverloadLimits } from '../../operations/overload';
import type { HostSummary } from '../../operations/summary';

/** A sample of a metric or of progress for the sparkline, oldest first. */
export interface Series {
  name: string;
  values: number[];
}

export interface DashboardOperation extends OperationView {
  hostName: string;
  /** Its host is not in the settings any more. */
  unwatched?: true;
  /** Recent values of the loss, or else of the first metric. */
  series?: Series;
}

/** What is shown beside cards and hosts. It is small, and always sent as a whole. */
export interface Surroundings {
  /** When it was taken, by the clock that its times come from: the browser may run on another machine. */
  takenAtMs: number;
  /** What is too much for a host, by the settings. */
  overload: OverloadLimits;
  /** Set while the tree's filter narrows the list: what it lets through, in words. */
  filter?: string;
  /** Set while the user has chosen an order, which the operations come in: its name. */
  sort?: string;
  /** Whether the user opened or closed the hosts; missing: neither yet. */
  areHostsShown?: boolean;
  /** Set while the local disk refuses what happens: what to tell the user. */
  unsaved?: string;
}

export interface DashboardSnapshot extends Surroundings {
  /** With all that is on them, whatever the filter lets through. */
  hosts: HostSummary[];
  operations: DashboardOperation[];
}

/** What differs of one in a list: fields that have another value now, and fields that are gone. */
export interface Patch<T> {
  id: string;
  set: Partial<T>;
  unset?: (keyof T)[];
}

/** From one list to the next. What was not there before is patched as a whole. */
export interface ListChanges<T> {
  patches: Patch<T>[];
  removed: string[];
  /** All ids, where the order is not that of before with new ones at the end. */
  order?: string[];
}

/** From one snapshot to the next: operations, and hosts where anything changed. */
export interface DashboardChanges extends Surroundings, ListChanges<DashboardOperation> {
  hosts?: ListChanges<HostSummary>;
}

/** Each message counts one on from the one before. Whoever misses one says `ready` and gets a snapshot. */
export type ToWebview =
  | { type: 'snapshot'; sequence: number; snapshot: DashboardSnapshot }
  | { type: 'changes'; sequence: number; changes: DashboardChanges };

export type HostAction = 'retryHost' | 'logIn';
/** Each is a command that takes the operation's id. */
export const dashboardActions = [
  'showDetails',
  'kill',
  'pause',
  'resume',
  'resubmit',
  'showLog',
  'archive',
] as const;
export type DashboardAction = (typeof dashboardActions)[number];
export const dashboardCommands = ['sync', 'submit', 'addHost', 'filter', 'clearFilter', 'sort'] as const;
export type DashboardCommand = (typeof dashboardCommands)[number];
export type ToHost =
  /** It can draw, and knows nothing (any more): a snapshot, please. */
  | { type: 'ready' }
  | { type: 'action'; action: DashboardAction; id: string }
  | { type: 'host'; action: HostAction; hostId: string }
  | { type: 'showHosts'; shown: boolean }
  | { type: 'command'; command: DashboardCommand };
