import * as l10n from '@vscode/l10n';
import type { Operation } from '../../operations/operation';
import type { Overload } from '../../operations/overload';
import { reasonText } from '../../operations/overloadText';
import { waitsUntilFree } from '../../operations/untilFree';
import type { EngineContext } from '../context';

/**
 * Hosts that were not found free, for what waits until they are (`SubmitSpec.startWhenFree`). They are asked at the pace
 * of the background; one that could not be looked at is no more free than before, and nothing fails for it.
 */
export class FreeWaits {
  /** `sinceMs`: monotonic. */
  readonly #busy = new Map<string, { reason: string; sinceMs: number }>();

  /** @param check what is known of a host now; never rejects */
  constructor(
    private readonly context: Pick<EngineContext, 'hosts' | 'clock' | 'settings'>,
    private readonly check: (hostId: string) => Promise<Overload>,
  ) {}

  /** Why nothing that waits may start there. `undefined`: it is time to ask. */
  of(hostId: string): string | undefined {
    const { clock, settings } = this.context;
    const busy = this.#busy.get(hostId);
    // A look that comes a little early is not to wait for the next.
    if (busy && clock.monotonicMs() - busy.sinceMs >= settings().backgroundSeconds * 900) {
      this.#busy.delete(hostId);
      return undefined;
    }
    return busy?.reason;
  }

  /** Whether it may start: it does not wait, or its host is free. */
  async ask(operation: Operation): Promise<boolean> {
    if (!waitsUntilFree(operation)) {
      return true;
    }
    const { hostId } = operation.spec;
    const { reasons, problem } = await this.check(hostId);
    if (problem !== undefined) {
      this.#note(hostId, l10n.t('its load cannot be told ({0})', problem));
    } else if (reasons.length > 0) {
      this.#note(hostId, reasons.map(reasonText).join(', '));
    }
    return problem === undefined && reasons.length === 0;
  }

  /** One that waited starts now; the next is to see what it does to the host. Tells why it starts, if it waited. */
  noteStart(operation: Operation): string | undefined {
    if (!waitsUntilFree(operation)) {
      return undefined;
    }
    const { hostId, name } = operation.spec;
    this.#note(hostId, l10n.t('"{0}" was started there just now', name));
    return l10n.t('{0} is free', this.context.hosts.nameOf(hostId));
  }

  /** It was not started after all. */
  forget(hostId: string): void {
    this.#busy.delete(hostId);
  }

  #note(hostId: string, why: string): void {
    const { hosts, clock } = this.context;
    const reason = l10n.t('waits until {0} is free: {1}', hosts.nameOf(hostId), why);
    this.#busy.set(hostId, { reason, sinceMs: clock.monotonicMs() });
  }
}
