import type { OperationsService } from '../../engine/operationsService';
import type { PortUse } from '../../operations/portUse';

export interface Vacating {
  service: Pick<OperationsService, 'kill' | 'endProcess' | 'checkPorts'>;
  hostId: string;
  port: number;
  /** The user wants to be asked before something is ended. */
  confirms: boolean;
  /** Names them to the user. `areLeft`: they had the port from what has ended by now. */
  ask: (uses: readonly PortUse[], areLeft: boolean) => Promise<boolean>;
  /** Shows that something is being done. */
  during: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Workers see within a moment that the process that they belong to has gone. */
const mostLooks = 5;
const betweenLooksMs = 500;

/** Whether it can be ended from here: it is the user's own, and is seen. */
export const canEnd = ({ isOwn, identity, operationId, isOrphan }: PortUse): boolean =>
  (operationId !== undefined && !isOrphan) || (isOwn === true && identity !== undefined);

/** Who shares the port and cannot be ended from here. */
export const othersAmong = ({ sharedBy = [] }: PortUse): NonNullable<PortUse['sharedBy']> =>
  sharedBy.filter(({ isOwn }) => !isOwn);

/**
 * Ends those who use a port, and only what was named: what has the socket from them mostly ends with them, and what
 * does not is asked about by its own name. Resolves with who uses the port then; `undefined`: nothing was done.
 */
export async function vacatePort(
  vacating: Vacating,
  uses: readonly PortUse[],
  areLeft = false,
): Promise<PortUse[] | undefined> {
  // Also where no questions are wanted: what was never shown needs a word, and what will not end is told before.
  const asks = vacating.confirms || areLeft || uses.some((use) => othersAmong(use).length > 0);
  if (asks && !(await vacating.ask(uses, areLeft))) {
    return undefined;
  }
  const shared = new Set(uses.flatMap(({ sharedBy = [] }) => sharedBy.map(({ pid }) => pid)));
  const isLeft = (use: PortUse): boolean => use.pid !== undefined && shared.has(use.pid) && canEnd(use);
  const now = await vacating.during(async () => {
    for (const use of uses) {
      await end(vacating, use);
    }
    return lookOnceSettled(vacating, isLeft);
  });
  const left = now.filter(isLeft);
  return left.length === 0 ? now : ((await vacatePort(vacating, left, true)) ?? now);
}

async function end(
  { service, hostId }: Vacating,
  { operationId, isOrphan, identity }: PortUse,
): Promise<void> {
  if (operationId !== undefined && !isOrphan) {
    await service.kill(operationId);
  } else if (identity) {
    await service.endProcess(hostId, identity);
  }
}

async function lookOnceSettled(
  { service, hostId, port }: Vacating,
  isLeft: (use: PortUse) => boolean,
): Promise<PortUse[]> {
  for (let look = 1; ; look++) {
    const uses = await service.checkPorts(hostId, [port], { mayAsk: true });
    if (look === mostLooks || !uses.some(isLeft)) {
      return uses;
    }
    await new Promise((resolve) => setTimeout(resolve, betweenLooksMs));
  }
}
