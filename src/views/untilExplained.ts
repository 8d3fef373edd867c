import type { OperationsService } from '../engine/operationsService';

/** The end of the log is read after the end was seen. What takes longer is in the list. */
const patienceMs = 2_000;

/** Resolves once it is known why an operation ended, or when that takes too long. */
export function untilExplained(
  service: Pick<OperationsService, 'get' | 'onDidChange'>,
  id: string,
  mostMs = patienceMs,
): Promise<void> {
  const isExplained = () => {
    const view = service.get(id);
    return view !== undefined && (view.cause?.lines?.length ?? 0) > 0;
  };
  return new Promise((resolve) => {
    const settle = () => {
      subscription.dispose();
      clearTimeout(timer);
      resolve();
    };
    const subscription = service.onDidChange(() => isExplained() && settle());
    const timer = setTimeout(settle, mostMs);
    if (isExplained()) {
      settle();
    }
  });
}
