import { pause, systemClock } from '../engine/clock';
import type { OperationsService } from '../engine/operationsService';
import { errorMessage } from '../operations/errors';
import type { OperationView } from '../operations/operationView';
import { isTerminal } from '../operations/status';

export interface LostForward {
  name: string;
  localPort: number;
  problem: string;
}

/** The window that goes may keep its ports for a moment. */
const [tries, usualBetweenMs] = [10, 500];

/**
 * Listens again on the local ports that were forwarded when the last owner went: what is open in a browser goes on.
 * Never rejects.
 */
export async function takeOverForwards(
  service: Pick<OperationsService, 'openPort' | 'get'>,
  before: readonly OperationView[],
  onLost: (lost: LostForward) => void,
  betweenMs = usualBetweenMs,
): Promise<void> {
  await Promise.all(
    before.map(async ({ id, name, forwardedPort: localPort }) => {
      const now = service.get(id);
      if (localPort === undefined || !now || isTerminal(now.status)) {
        return;
      }
      const problem = await openAgain(service, id, localPort, betweenMs);
      if (problem !== undefined) {
        onLost({ name, localPort, problem });
      }
    }),
  );
}

/** Why it cannot. */
async function openAgain(
  service: Pick<OperationsService, 'openPort'>,
  id: string,
  localPort: number,
  betweenMs: number,
): Promise<string | undefined> {
  for (let left = tries; ; left--) {
    try {
      await service.openPort(id, { localPort });
      return undefined;
    } catch (error) {
      if (left <= 1) {
        return errorMessage(error);
      }
      await pause(systemClock, betweenMs);
    }
  }
}
