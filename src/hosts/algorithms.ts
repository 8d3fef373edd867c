import type { Algorithms } from 'ssh2';
import { certificateAlgorithms } from './hostCertificate';

/** What the SSH config says about the algorithms to offer, as it is written there. */
export interface AlgorithmRules {
  kexAlgorithms?: string;
  hostKeyAlgorithms?: string;
  ciphers?: string;
  macs?: string;
}

/** Signature algorithms for each type of host key, the best first. */
const algorithmsOf: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

/** Whether ssh2 asks for host keys of this type. */
export const isOfferedKeyType = (keyType: string): boolean => Object.hasOwn(algorithmsOf, keyType);

/**
 * What ssh2 is to offer: what the SSH config allows of what it has, in its own order, which is that of speed.
 * The key types on record for the host come first.
 */
export function offeredAlgorithms(rules: AlgorithmRules, preferredKeyTypes: readonly string[]): Algorithms {
  const keys = new Rule(rules.hostKeyAlgorithms);
  const first = preferredKeyTypes
    .flatMap((type) => algorithmsOf[type] ?? (certificateAlgorithms.includes(type) ? [type] : []))
    .filter((name) => keys.allows(name));
  const lists = {
    kex: new Rule(rules.kexAlgorithms).changes(),
    serverHostKey: keys.changes(first),
    cipher: new Rule(rules.ciphers).changes(),
    hmac: new Rule(rules.macs).changes(),
  };
  // The types of ssh2 want names; the library takes patterns too, and throws on names it lacks.
  return lists as unknown as Algorithms;
}

/** One list of ssh_config(5): all that is allowed, or with `+`, `^` and `-` a change of what is offered. */
class Rule {
  readonly #kind: string;
  readonly #names: readonly string[];

  constructor(text = '+') {
    this.#kind = /^[-+^]/.exec(text)?.[0] ?? '';
    this.#names = text.slice(this.#kind.length).split(',').filter(Boolean);
  }

  allows(name: string): boolean {
    switch (this.#kind) {
      case '':
        return this.#names.includes(name);
      case '-':
        return !oneOf(this.#names).test(name);
      default:
        return true;
    }
  }

  /** For ssh2, which carries them out in this order. */
  changes(first: readonly string[] = []): Record<'remove' | 'prepend' | 'append', RegExp[]> {
    // Certificates only where they are asked for first: they must be checked.
    const plain = this.#names.filter((name) => !certificateAlgorithms.includes(name));
    const added = this.#kind === '-' ? [] : [oneOf(plain)];
    const removed = { '': [noneOf(this.#names)], '-': [oneOf(this.#names)] }[this.#kind] ?? [];
    return {
      remove: [...removed, oneOf(first)],
      prepend: first.map((name) => oneOf([name])),
      append: added,
    };
  }
}

const alternatives = (names: readonly string[]): string =>
  names
    .map((name) =>
      name
        .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.'),
    )
    .join('|');

/** No name is empty: without names nothing matches. */
const oneOf = (names: readonly string[]): RegExp => new RegExp(`^(?:${alternatives(names)})$`);

const noneOf = (names: readonly string[]): RegExp => new RegExp(`^(?!(?:${alternatives(names)})$)`);
