import type { OperationView, Resources } from './operationView';
import { fraction, type Progress } from './progress';
import type { OperationType } from './status';

/** An operation that the caller itself runs, and tells of. Texts are cut off nowhere: what is too long is refused. */
export interface ReportSpec {
  type: OperationType;
  /** As it is shown, in one line of at most 500 characters. */
  name: string;
  /** What it does, in a word like `download` or `pull_model`. At most 100 characters. */
  kind?: string;
  /** At most 2,000 characters. */
  description?: string;
  /** What it runs, only to be shown. At most 10,000 characters. */
  command?: string;
  /** The id of the host in the settings that it runs on. Default: this computer, shown as `local`. */
  hostId?: string;
  /** Of its process, only to be shown: nothing is ever signalled. */
  pid?: number;
  /** Who tells of it: the name of the extension, as users know it. At most 100 characters. */
  reportedBy?: string;
}

/**
 * How far it has come. What is given takes the place of what was told before, what is left out stays as it was: `{}`
 * only says that it goes on. It may come at any rate: at most two a second are passed on, with all that was told.
 */
export interface ProgressReport {
  /** 0 to 1. Left out where there are sizes or epochs: it is worked out from them. */
  progress?: number;
  /** What it does now. The first 200 characters are kept. */
  message?: string;
  epoch?: number;
  totalEpochs?: number;
  /** At most 32, all of them each time. */
  metrics?: Record<string, number>;
  /** In bytes. Speed and time left are worked out from them. */
  sizeDoneBytes?: number;
  sizeTotalBytes?: number;
  /** What it uses at present. */
  resources?: Resources;
}

/** How it ended: `completed`, unless there is an `error` or an exit code that is not 0. */
export interface ReportResult {
  exitCode?: number;
  /** In words for the user, at most 2,000 characters. */
  error?: string;
}

/** The id of this computer, for what other extensions run on it. */
export const reportHost = 'local';

/** What is kept of a report beside spec and progress. */
export interface Reported {
  by?: string;
  pid?: number;
  resources?: Resources;
}

/** Whether another extension runs it: it is told of here, and nothing can be done with it. */
export const isReported = ({ launcher }: Pick<OperationView, 'launcher'>): boolean => launcher === 'external';

/** How far it has come, after what was told now. */
export function reportedProgress(before: Progress = {}, { resources, ...given }: ProgressReport): Progress {
  const merged = { ...before, ...given };
  const { sizeDoneBytes, sizeTotalBytes, epoch, totalEpochs } = merged;
  const tellsCounts = [given.sizeDoneBytes, given.sizeTotalBytes, given.epoch, given.totalEpochs].some(
    (count) => count !== undefined,
  );
  const stated = given.progress ?? (tellsCounts ? undefined : before.progress);
  const progress = fraction(stated, sizeDoneBytes, sizeTotalBytes, epoch, totalEpochs) ?? before.progress;
  return { ...merged, ...(progress !== undefined && { progress }) };
}
