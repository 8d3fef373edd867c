import type { ParsedKey } from 'ssh2';
import { isUsersNo } from './questions';

/** Keys whose passphrase was given, for all hosts, until the window closes: like an agent of our own. */
export class Keyring {
  readonly #keys = new Map<string, ParsedKey>();
  readonly #turns = new Map<string, Promise<unknown>>();

  get(id: string): ParsedKey | undefined {
    return this.#keys.get(id);
  }

  /**
   * Opens a key unless it is open. Others who want the same key meanwhile wait for this; a no of the user is
   * one to all of them.
   */
  open(id: string, open: () => Promise<ParsedKey | undefined>): Promise<ParsedKey | undefined> {
    const before = this.#turns.get(id) ?? Promise.resolve(undefined);
    const turn = before.catch(unlessDeclined).then(async () => {
      const key = this.#keys.get(id) ?? (await open());
      if (key) {
        this.#keys.set(id, key);
      }
      return key;
    });
    this.#turns.set(id, turn);
    const leave = () => this.#turns.get(id) === turn && this.#turns.delete(id);
    turn.then(leave, leave);
    return turn;
  }
}

function unlessDeclined(error: unknown): void {
  if (isUsersNo(error)) {
    throw error;
  }
}
