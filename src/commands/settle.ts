import type { OperationsService } from '../engine/operationsService';
import type { Draft } from '../operations/spec';
import { askWhenToStart, withChoice } from '../views/overloadQuestion';
import type { Settled } from '../views/settled';
import { settlePort } from './ports/portConflict';

/**
 * What the user decides before something is started: when, where its host has much to do already, and what becomes of a
 * port that is taken. `undefined`: nothing is started.
 */
export async function settle(service: OperationsService, draft: Draft): Promise<Settled | undefined> {
  const choice = await askWhenToStart(service, draft);
  return choice === 'never' ? undefined : settlePort(service, withChoice(draft, choice));
}
