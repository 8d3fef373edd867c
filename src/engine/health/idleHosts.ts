import type { Disposable } from '../../emitter';
import { errorMessage } from '../../operations/errors';
import type { Operation } from '../../operations/operation';
import type { EngineContext } from '../context';
import { hostsWithWork } from '../work';
import type { Healths } from './healths';

/** Longer than a sample takes, even where the driver of its GPUs hangs. */
const everyMs = 10_000;

/**
 * Samples the hosts that no look samples, because nothing runs there, while somebody watches. Only over connections
 * that are there: nobody is asked for a login, and nothing is reached for.
 */
export class IdleHosts implements Disposable {
  readonly #underWay = new Set<string>();
  #timer: Disposable | undefined;

  constructor(
    private readonly context: EngineContext,
    private readonly healths: Healths,
    private readonly isWatched: () => boolean,
    /** What a look at a host asks about: one that asks about nothing samples nothing. */
    private readonly due: (hostId: string) => readonly Operation[],
  ) {}

  /** Begins, if somebody watches, a host is connected, and it has not begun. */
  wake(): void {
    if (!this.#timer && this.isWatched()) {
      this.#tick();
    }
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #tick(): void {
    this.#timer = undefined;
    if (!this.isWatched()) {
      return;
    }
    const { store, hosts, clock } = this.context;
    const busy = new Set(hostsWithWork(store.all()).filter((id) => this.due(id).length > 0));
    const connected = hosts.all().filter(({ state }) => state === 'connected');
    for (const { id } of connected.filter((each) => !busy.has(each.id) && !this.#underWay.has(each.id))) {
      this.#underWay.add(id);
      void this.#sample(id).finally(() => this.#underWay.delete(id));
    }
    if (connected.length > 0) {
      this.#timer = clock.after(everyMs, () => this.#tick());
    }
  }

  async #sample(hostId: string): Promise<void> {
    const { hosts, launchers, log } = this.context;
    try {
      const told = await launchers.process.sample?.(hosts.machine(hostId), hosts.nameOf(hostId), 1);
      told?.forEach((reading) => this.healths.take(hostId, reading, everyMs));
    } catch (error) {
      log(`${hosts.nameOf(hostId)} does not tell what it does: ${errorMessage(error)}`);
    }
  }
}
