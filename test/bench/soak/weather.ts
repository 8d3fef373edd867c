import { setTimeout as elapse } from 'node:timers/promises';
import type { FaultProxy } from '../../testbed/faultProxy';
import type { SeededRandom } from '../random';

type Fault = 'cut' | 'stall' | 'refuse' | 'blackhole' | 'truncate';

/** How long each lasts at least and at most, as part of the time from one to the next. */
const faults: Record<Fault, readonly [number, number]> = {
  cut: [0.05, 0.1],
  stall: [0.05, 0.6],
  // Long enough for two looks, ten seconds apart, as an absence needs them.
  refuse: [0.5, 0.6],
  blackhole: [0.2, 0.6],
  truncate: [0.05, 0.3],
};

/** What the network does to a connection, one fault after another. */
export class Weather {
  readonly counts: Record<Fault, number> = { cut: 0, stall: 0, refuse: 0, blackhole: 0, truncate: 0 };

  constructor(
    private readonly proxy: FaultProxy,
    private readonly random: SeededRandom,
    private readonly log: (line: string) => void,
  ) {}

  /** A fault every so often, lasting up to 60 % of that time, until the signal; then the network is well. */
  async blow(everyMs: number, signal: AbortSignal): Promise<void> {
    try {
      const order = Object.keys(faults) as Fault[];
      for (let at = 0; ; at++) {
        const afterMs = everyMs * this.random.between(0.2, 0.4);
        await elapse(afterMs, undefined, { signal });
        const fault = order[at % order.length] as Fault;
        const lastsMs = everyMs * this.random.between(...faults[fault]);
        this.log(`network: ${fault}, ${Math.round(lastsMs)} ms`);
        this.counts[fault] += 1;
        await this.#begin(fault);
        await elapse(lastsMs, undefined, { signal });
        await this.proxy.restore();
        await elapse(everyMs - afterMs - lastsMs, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
    }
    await this.proxy.restore();
  }

  async #begin(fault: Fault): Promise<void> {
    switch (fault) {
      case 'cut':
        return this.proxy.cut();
      case 'stall':
        return this.proxy.stall();
      case 'refuse':
        return this.proxy.refuse();
      case 'blackhole':
        return this.proxy.blackhole();
      case 'truncate':
        return this.proxy.truncateAfter(this.random.whole(1, 6_000));
    }
  }
}
