import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../operations/errors';
import { pause } from './clock';
import type { EngineContext } from './context';
import type { SyncReport } from './operationsService';
import type { CycleOutcome } from './reconciler';

/**
 * Looks at hosts, at some of them a second time where a look alone proves nothing, and reports.
 *
 * @throws RemoteOperationsError `Cancelled` once the signal is aborted; what was seen is kept
 */
export async function syncHosts(
  hostIds: ReadonlySet<string>,
  look: (hostId: string) => Promise<CycleOutcome>,
  { store, clock }: Pick<EngineContext, 'store' | 'clock'>,
  signal?: AbortSignal,
): Promise<SyncReport> {
  const beganMs = clock.monotonicMs();
  const before = new Map(store.all().map(({ id, status }) => [id, status]));
  const lookTwiceIfNeeded = async (hostId: string): Promise<CycleOutcome> => {
    const first = await look(hostId);
    if (first.confirmAfterMs === 0) {
      return first;
    }
    await pause(clock, first.confirmAfterMs, signal);
    return signal?.aborted ? first : merged(first, await look(hostId));
  };
  const outcomes = await Promise.all([...hostIds].map(lookTwiceIfNeeded));
  if (signal?.aborted) {
    throw new RemoteOperationsError(
      'Cancelled',
      l10n.t('The sync was cancelled. What it had seen so far is kept.'),
    );
  }
  // Whoever saw it: a cycle of the interval may have come in between.
  const changed = store
    .all()
    .filter(
      ({ id, spec, status }) => hostIds.has(spec.hostId) && before.has(id) && before.get(id) !== status,
    );
  return report(outcomes, changed.length, Math.round(clock.monotonicMs() - beganMs));
}

function merged(first: CycleOutcome, second: CycleOutcome): CycleOutcome {
  return {
    ...second,
    checked: first.checked,
    roundTrips: first.roundTrips + second.roundTrips,
  };
}

function report(outcomes: CycleOutcome[], synced: number, durationMs: number): SyncReport {
  const sum = (count: (outcome: CycleOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  return {
    checked: sum(({ checked }) => checked),
    synced,
    unreachable: sum(({ unreachable }) => unreachable),
    errors: sum(({ errors }) => errors),
    durationMs,
    hosts: outcomes.map(({ hostId, outcome, roundTrips, durationMs: took }) => ({
      hostId,
      outcome,
      roundTrips,
      durationMs: took,
    })),
  };
}
