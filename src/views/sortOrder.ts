import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { OperationView } from '../operations/operationView';
import type { ShownStatus } from '../operations/status';

const keys = ['start', 'name', 'status', 'progress'] as const;
export type SortKey = (typeof keys)[number];

/** By what the lists are sorted, and whether the other way round than one would by default. */
export interface SortOrder {
  readonly by: SortKey;
  readonly reversed: boolean;
}

export const newestFirst: SortOrder = { by: 'start', reversed: false };

export const sortOrders: readonly SortOrder[] = keys.flatMap((by) => [
  { by, reversed: false },
  { by, reversed: true },
]);

export const isSameOrder = (a: SortOrder, b: SortOrder): boolean =>
  a.by === b.by && a.reversed === b.reversed;

const storedOrder = v.fallback(v.object({ by: v.picklist(keys), reversed: v.boolean() }), { ...newestFirst });

/** What was kept, be it by another version. */
export const readOrder = (stored: unknown): SortOrder => v.parse(storedOrder, stored);

/** What needs a look first. */
const statusRanks: Record<ShownStatus, number> = {
  unknown: 0,
  unconfirmed: 1,
  stopping: 2,
  running: 3,
  starting: 4,
  paused: 5,
  pending: 6,
  queued: 7,
  submitting: 8,
  failed: 9,
  stopped: 10,
  cancelled: 11,
  completed: 12,
};

const started = ({ startedAt, submittedAt }: OperationView): string => startedAt ?? submittedAt;
// ISO times sort as text.
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** In the whole percent that rows show, or they would change places without a visible reason. */
const percent = ({ progress }: OperationView): number =>
  progress === undefined ? -1 : Math.floor(progress * 100);

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const comparisons: Record<SortKey, (a: OperationView, b: OperationView) => number> = {
  start: (a, b) => byText(started(b), started(a)),
  name: (a, b) => names.compare(a.name, b.name),
  status: (a, b) => statusRanks[a.shownStatus] - statusRanks[b.shownStatus],
  progress: (a, b) => percent(b) - percent(a),
};

/** A sorted copy. What compares alike stands newest first, so that rows keep their places. */
export function sorted<T extends OperationView>(views: readonly T[], { by, reversed }: SortOrder): T[] {
  const direction = reversed ? -1 : 1;
  return [...views].sort(
    (a, b) => direction * comparisons[by](a, b) || comparisons.start(a, b) || byText(a.id, b.id),
  );
}

export function orderLabel({ by, reversed }: SortOrder): string {
  switch (by) {
    case 'start':
      return reversed ? l10n.t('Start, oldest first') : l10n.t('Start, newest first');
    case 'name':
      return reversed ? l10n.t('Name, Z to A') : l10n.t('Name, A to Z');
    case 'status':
      return reversed ? l10n.t('Status, what runs last') : l10n.t('Status, what runs first');
    case 'progress':
      return reversed ? l10n.t('Progress, least first') : l10n.t('Progress, furthest first');
  }
}

/** Beside the name of a view; empty for the usual order. */
export function orderText({ by, reversed }: SortOrder): string {
  switch (by) {
    case 'start':
      return reversed ? l10n.t('oldest first') : '';
    case 'name':
      return reversed ? l10n.t('by name, Z to A') : l10n.t('by name');
    case 'status':
      return reversed ? l10n.t('by status, reversed') : l10n.t('by status');
    case 'progress':
      return reversed ? l10n.t('by progress, least first') : l10n.t('by progress');
  }
}
