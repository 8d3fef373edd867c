import * as l10n from '@vscode/l10n';
import type { GpuCount } from '../launchers/launcher';
import type { Operation } from '../operations/operation';
import { isActive } from '../operations/status';
import type { EngineContext } from './context';
import { gpusText } from './queue';

interface Shortage {
  /** Those that the host had too few free GPUs for, and what it told. */
  reasons: Map<string, string>;
  /** Who may have held GPUs there then. */
  holders: ReadonlySet<string>;
  /** Monotonic. */
  sinceMs: number;
}

/** Why an operation cannot have its GPUs: now, or at all. */
export interface GpuLack {
  kind: 'short' | 'refused';
  reason: string;
}

const none: ReadonlyMap<string, string> = new Map();
/** An exit code is there a moment before its supervisor is gone, which holds its GPUs until then. */
const leavingMs = 5_000;
const retryMs = 1_000;

/**
 * Where GPUs were short. The host is asked again when one of those that held some there has ended; what others
 * do with its GPUs cannot be seen, so that it is asked at the pace of the background as well.
 */
export class GpuShortages {
  readonly #byHost = new Map<string, Shortage>();
  /** When one that held GPUs was last seen to have ended. Monotonic. */
  readonly #endedMs = new Map<string, number>();

  /** @param retry called when it is time to ask again soon */
  constructor(
    private readonly context: EngineContext,
    private readonly retry: () => void,
  ) {}

  of(hostId: string): ReadonlyMap<string, string> {
    const { clock, settings } = this.context;
    const shortage = this.#byHost.get(hostId);
    if (!shortage) {
      return none;
    }
    const holders = this.#holders(hostId);
    const hasEnded = [...shortage.holders].some((id) => !holders.has(id));
    const nowMs = clock.monotonicMs();
    if (hasEnded) {
      this.#endedMs.set(hostId, nowMs);
    }
    // A look that comes a little early is not to wait for the next.
    const paceMs = this.#isLeaving(hostId, shortage.sinceMs) ? retryMs : settings().backgroundSeconds * 900;
    if (hasEnded || nowMs - shortage.sinceMs >= paceMs) {
      this.#byHost.delete(hostId);
      return none;
    }
    return shortage.reasons;
  }

  note(hostId: string, id: string, reason: string): void {
    const reasons = new Map(this.#byHost.get(hostId)?.reasons).set(id, reason);
    const sinceMs = this.context.clock.monotonicMs();
    this.#byHost.set(hostId, { reasons, holders: this.#holders(hostId), sinceMs });
    if (this.#isLeaving(hostId, sinceMs)) {
      this.context.clock.after(retryMs, this.retry);
    }
  }

  /** One that held GPUs has ended just before this time, and may hold them still. */
  #isLeaving(hostId: string, atMs: number): boolean {
    const endedMs = this.#endedMs.get(hostId);
    return endedMs !== undefined && atMs - endedMs < leavingMs;
  }

  /** Asks its host, if it needs any, and notes when there are too few. @throws the machine's errors */
  async ask(operation: Operation): Promise<GpuLack | undefined> {
    const { hosts, launchers } = this.context;
    const { id, spec } = operation;
    if (!spec.gpus) {
      return undefined;
    }
    const hostName = hosts.nameOf(spec.hostId);
    const count = await launchers.of(operation).countGpus?.(hosts.machine(spec.hostId), hostName);
    const lack = count && gpuLack(count, spec.gpus, hostName);
    if (lack?.kind === 'short') {
      this.note(spec.hostId, id, lack.reason);
    }
    return lack;
  }

  #holders(hostId: string): ReadonlySet<string> {
    const holders = this.context.store
      .all()
      .filter(({ spec, status }) => spec.hostId === hostId && (spec.gpus ?? 0) > 0 && isActive(status));
    return new Set(holders.map(({ id }) => id));
  }
}

/** What a host tells of its GPUs means for one that needs some. `undefined`: it can try to claim them. */
export function gpuLack(count: GpuCount, wanted: number, hostName: string): GpuLack | undefined {
  const needs = gpusText(wanted);
  switch (count.kind) {
    case 'missing':
      return {
        kind: 'refused',
        reason: l10n.t(
          '{0} has no nvidia-smi on its PATH, so that no GPU can be claimed there. Choose another host, or resubmit without GPUs.',
          hostName,
        ),
      };
    case 'failed':
      // A driver in trouble is mended, or the host restarted.
      return {
        kind: 'short',
        reason: l10n.t('waits for {0}: nvidia-smi fails on {1}: {2}', needs, hostName, count.text),
      };
    case 'counted': {
      const { free, total, text } = count;
      const place = text === '' ? hostName : `${hostName} (${text})`;
      if (total < wanted) {
        return {
          kind: 'refused',
          reason:
            text === ''
              ? l10n.t(
                  'It needs {0}, and {1} has {2} that it can claim. Choose another host, or resubmit with fewer.',
                  needs,
                  hostName,
                  total,
                )
              : l10n.t(
                  'It needs {0}, and {1} has {2} that it can claim ({3}). Choose another host, or resubmit with fewer.',
                  needs,
                  hostName,
                  total,
                  text,
                ),
        };
      }
      return free < wanted
        ? {
            kind: 'short',
            reason: l10n.t('waits for {0}: {1} of {2} free on {3}', needs, free, total, place),
          }
        : undefined;
    }
  }
}
