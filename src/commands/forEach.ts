import { errorMessage } from '../operations/errors';
import type { OperationView } from '../operations/operationView';
import { withProgress } from './withProgress';

/** Does the same to each, under one notification. What went wrong is thrown together, each problem once. */
export async function forEach(
  views: readonly OperationView[],
  title: string,
  act: (view: OperationView) => Promise<unknown>,
): Promise<void> {
  const results = await withProgress({ title }, () => Promise.allSettled(views.map(act)));
  const problems = results.flatMap((result) =>
    result.status === 'rejected' ? [errorMessage(result.reason)] : [],
  );
  if (problems.length > 0) {
    throw new Error([...new Set(problems)].join('\n'));
  }
}
