/** What the dashboard's host side and its webview say to each other. Both import only this. */
import type { HostView, OperationView } from '../../operations/operationView';

/** A sample of a metric or of progress for the sparkline, oldest first. */
export interface Series {
  name: string;
  values: number[];
}

export interface DashboardOperation extends OperationView {
  hostName: string;
  /** Recent values of the loss, or else of the first metric. */
  series?: Series;
}

export interface DashboardSnapshot {
  /** When it was taken, by the clock that its times come from: the browser may run on another machine. */
  takenAtMs: number;
  operations: DashboardOperation[];
  hosts: HostView[];
  /** Set while the tree's filter narrows the list. */
  filter?: string;
  /** Set while the local disk refuses what happens: what to tell the user. */
  unsaved?: string;
}

export type ToWebview = { type: 'snapshot'; snapshot: DashboardSnapshot };

export type HostAction = 'retryHost' | 'logIn';
/** Each is a command that takes the operation's id. */
export const dashboardActions = ['kill', 'pause', 'resume', 'resubmit', 'showLog', 'archive'] as const;
export type DashboardAction = (typeof dashboardActions)[number];
export type ToHost =
  | { type: 'ready' }
  | { type: 'action'; action: DashboardAction; id: string }
  | { type: 'host'; action: HostAction; hostId: string }
  | { type: 'command'; command: 'sync' | 'submit' | 'addHost' };
