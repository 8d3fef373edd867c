import type { DetailOperation, DetailSnapshot } from '../../src/views/detail/protocol';

/** A snapshot of an operation that is there. */
export interface Shown extends DetailSnapshot {
  operation: DetailOperation;
}

/** A piece of the page. It is built once and then patched: `update` touches only what changed. */
export interface Part {
  readonly element: HTMLElement;
  update(shown: Shown, now: number): void;
}
