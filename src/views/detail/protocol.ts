/** What the host side of the page of one operation and its webview say to each other. Both import only this. */
import type { AuditEvent } from '../../operations/operation';
import type { OperationView, Resources } from '../../operations/operationView';
import type { OverloadLimits } from '../../operations/overload';
import type { ShownStatus } from '../../operations/status';
import type { HostSummary } from '../../operations/summary';

export interface DetailOperation extends OperationView {
  hostName: string;
}

export interface Variable {
  name: string;
  /** Missing while its name looks like that of a secret, and nobody asked to see it. */
  value?: string;
  /** Its name looks like that of a secret. */
  isSecret?: true;
}

/** Another try of the same. */
export interface Attempt {
  id: string;
  attempt: number;
  shownStatus: ShownStatus;
}

/** A metric, or what is used, over time; without either, the progress, 0 to 1. */
export interface Chart {
  metric?: string;
  resource?: keyof Resources;
  /** Of a host: which of its GPUs. */
  gpu?: number;
  points: [atMs: number, value: number][];
}

export interface DetailSnapshot {
  /** When it was taken, by the clock that its times come from: the browser may run on another machine. */
  takenAtMs: number;
  /** Which operation this page is about. */
  id: string;
  /** Missing: it is not in the list (any more). */
  operation?: DetailOperation;
  /** It is not known yet what there is. */
  isLoading?: true;
  /** Oldest first. */
  history: AuditEvent[];
  charts: Chart[];
  /** Where it runs, while it is configured; and how that went during the last hour. */
  host?: HostSummary;
  hostCharts: Chart[];
  /** What is too much for a host, by the settings. */
  overload: OverloadLimits;
  /** On the host, `~` for the home directory. Missing where none is known. */
  folder?: string;
  environment: Variable[];
  runDirectory?: string;
  previous?: Attempt;
  next?: Attempt;
  /** What of this could not be had, in words for the user. */
  problem?: string;
}

/** The end of the log. */
export type LogTail =
  | { state: 'reading' }
  /** The host is not connected: it is read on the user's word, or once the host is. */
  | { state: 'away' }
  | { state: 'failed'; error: string }
  | {
      state: 'read';
      text: string;
      sizeBytes: number;
      /** There is more before it. */
      isCut: boolean;
      /** Why there is none, where that is known. */
      whyNone?: string;
    };

export type ToWebview = { type: 'snapshot'; snapshot: DetailSnapshot } | { type: 'log'; log: LogTail };

/** Each is a command that takes the operation's id. */
export const detailActions = [
  'showLog',
  'openPort',
  'closePort',
  'openTerminal',
  'pause',
  'resume',
  'startNow',
  'restart',
  'resubmit',
  'editAndResubmit',
  'kill',
  'archive',
] as const;
export type DetailAction = (typeof detailActions)[number];

export type Copyable = 'command' | 'folder' | 'runDirectory';

export type ToHost =
  | { type: 'ready' }
  | { type: 'action'; action: DetailAction }
  /** Another attempt. */
  | { type: 'open'; id: string }
  | { type: 'reveal'; name: string; shown: boolean }
  | { type: 'copy'; what: Copyable }
  | { type: 'readLog' };
