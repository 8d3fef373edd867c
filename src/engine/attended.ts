import type { Asker } from '../hosts/questions';
import type { EngineContext } from './context';

/** What a user waits for: meanwhile hosts may ask them what they need to let us in. */
export class Attended {
  /** @param onLetIn called for each host that waited for its user and does no longer */
  constructor(
    private readonly context: Pick<EngineContext, 'hosts' | 'asker'>,
    private readonly onLetIn: (hostId: string) => void,
  ) {}

  async run<T>(
    hostIds: readonly string[],
    asker: Asker = this.context.asker,
    act: () => Promise<T>,
  ): Promise<T> {
    const { hosts } = this.context;
    // Before anything is permitted: that ends the wait of a host that was disconnected.
    const waiting = hostIds.filter((hostId) => this.#waitsForUser(hostId));
    const permits = hostIds.map((hostId) => hosts.permitQuestions(hostId, asker));
    try {
      return await act();
    } finally {
      permits.forEach((permit) => permit.dispose());
      waiting.filter((hostId) => !this.#waitsForUser(hostId)).forEach(this.onLetIn);
    }
  }

  #waitsForUser(hostId: string): boolean {
    return this.context.hosts
      .all()
      .some(({ id, state, waitsForUser }) => id === hostId && (waitsForUser ?? state === 'disconnected'));
  }
}
