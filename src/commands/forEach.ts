import { errorMessage, isRemoteOperationsError } from '../operations/errors';
import type { OperationView } from '../operations/operationView';
import { withProgress } from './withProgress';

/** Does the same to each, under one notification. What went wrong is thrown together, each problem once. */
export async function forEach(
  views: readonly OperationView[],
  title: string,
  act: (view: OperationView) => Promise<unknown>,
): Promise<void> {
  throwTogether(await withProgress({ title }, () => Promise.allSettled(views.map(act))));
}

/** Throws what went wrong, each problem once. Nothing did with what the user called off. */
export function throwTogether(results: readonly PromiseSettledResult<unknown>[]): void {
  const failed = results.filter(
    (result) => result.status === 'rejected' && !isRemoteOperationsError(result.reason, 'Cancelled'),
  ) as PromiseRejectedResult[];
  const [first, ...others] = failed;
  if (first && others.length === 0) {
    throw first.reason;
  }
  if (first) {
    throw new Error([...new Set(failed.map(({ reason }) => errorMessage(reason)))].join('\n'));
  }
}
