import type { LookAnswer } from './lookAnswer';
import { kindOf } from './taskEvidence';

/** So many numbers are asked about at most. */
const most = 4_000;

/**
 * Which tasks of others had not ended when they were seen last, by number. Thousands that ended long ago may be in a
 * list, so that the host is told which ends are of interest.
 */
export class LivingTasks {
  /** By host, and there by daemon. */
  readonly #numbers = new Map<string, Map<string, readonly number[]>>();

  on(hostId: string): number[] {
    return [...(this.#numbers.get(hostId)?.values() ?? [])].flat().slice(-most);
  }

  note(hostId: string, { daemon = '', others }: LookAnswer): void {
    const byDaemon = this.#numbers.get(hostId) ?? new Map<string, readonly number[]>();
    const told = new Set(others.tasks.map(({ number }) => number));
    const living = others.tasks.filter((task) => kindOf(task) !== 'done').map(({ number }) => number);
    // Of a list that is cut, those that are missing may still be there.
    const untold = others.isWhole ? [] : (byDaemon.get(daemon) ?? []).filter((number) => !told.has(number));
    byDaemon.set(daemon, [...untold, ...living].slice(-most));
    this.#numbers.set(hostId, byDaemon);
  }
}
