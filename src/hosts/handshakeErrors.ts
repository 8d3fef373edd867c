import { RemoteOperationsError } from '../operations/errors';
import { printable } from './destination';
import { handshakeFailed, type HostLabel } from './hostErrors';
import type { Offer } from './serverOffer';

interface Kind {
  /** How ssh2 says that there is none in common. */
  pattern: RegExp;
  what: string;
  offered: keyof Offer;
  /** What every sshd of the last ten years has. */
  common: string;
  directive: string;
}

const kinds: readonly Kind[] = [
  {
    pattern: /no matching key exchange/i,
    what: 'key exchange',
    offered: 'kex',
    common: 'curve25519-sha256 or diffie-hellman-group14-sha256',
    directive: 'KexAlgorithms',
  },
  {
    pattern: /no matching host key/i,
    what: 'host key',
    offered: 'hostKey',
    common: 'ssh-ed25519 or rsa-sha2-256',
    directive: 'HostKeyAlgorithms',
  },
  {
    pattern: /no matching [CS]->[CS] cipher/i,
    what: 'cipher',
    offered: 'cipher',
    common: 'aes128-ctr or aes128-gcm@openssh.com',
    directive: 'Ciphers',
  },
  {
    pattern: /no matching [CS]->[CS] MAC/i,
    what: 'MAC',
    offered: 'mac',
    common: 'hmac-sha2-256',
    directive: 'MACs',
  },
];

/** Says what the server would take, where it and we have nothing in common, and where to change that. */
export function explainHandshake(
  label: HostLabel,
  error: unknown,
  offer: Offer | undefined,
): RemoteOperationsError {
  const message = error instanceof Error ? error.message : String(error);
  const kind = kinds.find(({ pattern }) => pattern.test(message));
  if (kind && offer) {
    return noneInCommon(label, kind, printable(offer[kind.offered]), error);
  }
  return isUnknownGroup(error) ? unknownGroup(label, offer, error) : handshakeFailed(label, error);
}

const noneInCommon = ({ name, address }: HostLabel, kind: Kind, offered: string, cause: unknown) =>
  new RemoteOperationsError(
    'Unreachable',
    `${name} at ${address} offers no ${kind.what} algorithm that is used here, but only ${offered || 'none'}. ` +
      `Have ${kind.directive} in its sshd_config allow ${kind.common}, or allow an old one for this host in your SSH config ("${kind.directive} +name"), then retry.`,
    { cause },
  );

/** The encryption library of VS Code has fewer groups than that of Node. */
const isUnknownGroup = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'ERR_CRYPTO_UNKNOWN_DH_GROUP') ||
    /unknown (DH )?group/i.test(error.message));

const unknownGroup = ({ name, address }: HostLabel, offer: Offer | undefined, cause: unknown) =>
  new RemoteOperationsError(
    'Unreachable',
    `${name} at ${address} wants a Diffie-Hellman group for the key exchange that the encryption library of VS Code does not have` +
      `${offer ? ` (it offers ${printable(offer.kex)})` : ''}. Have KexAlgorithms in its sshd_config allow curve25519-sha256 or ecdh-sha2-nistp256, then retry.`,
    { cause },
  );
