import type { DashboardOperation } from '../../src/views/dashboard/protocol';

/** A piece of a card. It is built once and then patched: `update` touches only what changed. */
export interface Part {
  readonly element: Element;
  /** A screen reader says it when it comes to the card. */
  readonly isSpoken?: true;
  update(operation: DashboardOperation, now: number): void;
}
