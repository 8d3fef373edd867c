import type { ParsedKey } from 'ssh2';

/** Keys whose passphrase was given, for all hosts, until the window closes: like an agent of our own. */
export class Keyring {
  readonly #keys = new Map<string, ParsedKey>();
  readonly #turns = new Map<string, Promise<unknown>>();

  get(id: string): ParsedKey | undefined {
    return this.#keys.get(id);
  }

  /** Opens a key unless it is open; others who want the same key meanwhile wait for this. */
  async open(id: string, open: () => Promise<ParsedKey | undefined>): Promise<ParsedKey | undefined> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(async () => {
      const key = this.#keys.get(id) ?? (await open());
      if (key) {
        this.#keys.set(id, key);
      }
      return key;
    });
    this.#turns.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
