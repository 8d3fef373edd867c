import type { OperationView } from '../operations/operationView';
import type { Draft } from '../operations/spec';

/** What is started in the end, after the user was asked what there was to ask. */
export interface Settled {
  draft: Draft;
  act: () => Promise<OperationView>;
}

/** Asks the user what has to be decided before a start. `undefined`: nothing is to be started. */
export type Settle = (draft: Draft) => Promise<Settled | undefined>;
