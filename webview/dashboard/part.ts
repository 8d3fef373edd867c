import type { DashboardOperation } from '../../src/views/dashboard/protocol';

/** A piece of a card. It is built once and then patched: `update` touches only what changed. */
export interface Part {
  readonly element: Element;
  update(operation: DashboardOperation, now: number): void;
}
