import type { OperationView } from '../operations/operationView';
import { isTerminal, operationTypes, type OperationType } from '../operations/status';

/** Older ones are found by searching the history. */
export const mostRecent = 50;

/** Where an operation stands in the tree. */
export interface Arrangement {
  /** What has not ended, by type, without the types that have none. */
  active: ReadonlyMap<OperationType, readonly OperationView[]>;
  /** The last that ended. */
  recent: readonly OperationView[];
  /** How many have ended, those that are too many to show counted. */
  ended: number;
}

/** @param order for what is active, and for what has ended where it is not the order of their ends */
export function arrange(
  operations: readonly OperationView[],
  order: (views: readonly OperationView[]) => OperationView[],
  isUsualOrder: boolean,
): Arrangement {
  const ended = operations.filter(({ status }) => isTerminal(status));
  const latest = ended.sort(byEnd).slice(0, mostRecent);
  return {
    active: new Map(
      operationTypes.flatMap((type) => {
        const views = operations.filter((view) => view.type === type && !isTerminal(view.status));
        return views.length > 0 ? [[type, order(views)] as const] : [];
      }),
    ),
    recent: isUsualOrder ? latest : order(latest),
    ended: ended.length,
  };
}

const endOf = ({ endedAt, submittedAt }: OperationView): string => endedAt ?? submittedAt;

/** Latest first. ISO times sort as text. */
const byEnd = (a: OperationView, b: OperationView): number =>
  endOf(a) < endOf(b) ? 1 : endOf(a) > endOf(b) ? -1 : 0;
