import type { ResolvedHost } from './sshConfig';

/** Where secrets are kept beyond this session: the system's keychain. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  set(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

type Place = Pick<ResolvedHost, 'user' | 'hostName' | 'port'> &
  Partial<Pick<ResolvedHost, 'hostKeyAlias' | 'jumpHost' | 'proxyCommand'>>;

export const passwordKey = (place: Place): string => `password ${placeOf(place)}`;

/** By the way to it too: behind each of two gateways there may be a 10.0.0.5. */
function placeOf({ user, hostName, port, hostKeyAlias, jumpHost, proxyCommand }: Place): string {
  const way = jumpHost ? placeOf(jumpHost) : proxyCommand;
  return [
    `${user}@${hostName}:${port}`,
    ...(hostKeyAlias === undefined ? [] : [`known as ${hostKeyAlias}`]),
    ...(way === undefined ? [] : [`through ${way}`]),
  ].join(' ');
}

/** @param key the key's fingerprint */
export const passphraseKey = (key: string): string => `passphrase ${key}`;

/**
 * Passwords and passphrases: in memory until the window closes, so that a connection that was lost comes back
 * without a question; in the keychain where the user wants that.
 */
export class Vault {
  readonly #session = new Map<string, string>();

  constructor(private readonly kept: Secrets) {}

  /** A keychain that is locked or broken keeps nothing. */
  async get(key: string): Promise<string | undefined> {
    try {
      return this.#session.get(key) ?? (await this.kept.get(key));
    } catch {
      return undefined;
    }
  }

  async put(key: string, value: string, remember: boolean): Promise<void> {
    this.#session.set(key, value);
    if (remember) {
      try {
        await this.kept.set(key, value);
      } catch {
        // Asked again in the next session.
      }
    }
  }

  /** It was wrong, or nobody needs it any more: tried again and again, it would lock an account. */
  async forget(key: string): Promise<void> {
    this.#session.delete(key);
    try {
      await this.kept.delete(key);
    } catch {
      // Found wrong again in the next session.
    }
  }
}
