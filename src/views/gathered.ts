import type { Disposable } from '../emitter';

/** Acts once for all calls that come within a while of the first. */
export class Gathered implements Disposable {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly act: () => void,
    private readonly withinMs = 100,
  ) {}

  readonly call = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.act();
    }, this.withinMs);
  };

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
