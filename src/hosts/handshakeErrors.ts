import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../operations/errors';
import { orText } from '../operations/listText';
import { printable } from './destination';
import { handshakeFailed, type HostLabel } from './hostErrors';
import type { Offer } from './serverOffer';

interface Kind {
  /** How ssh2 says that there is none in common. */
  pattern: RegExp;
  offered: keyof Offer;
  /** What every sshd of the last ten years has. */
  common: readonly string[];
  directive: string;
}

const kinds: readonly Kind[] = [
  {
    pattern: /no matching key exchange/i,
    offered: 'kex',
    common: ['curve25519-sha256', 'diffie-hellman-group14-sha256'],
    directive: 'KexAlgorithms',
  },
  {
    pattern: /no matching host key/i,
    offered: 'hostKey',
    common: ['ssh-ed25519', 'rsa-sha2-256'],
    directive: 'HostKeyAlgorithms',
  },
  {
    pattern: /no matching [CS]->[CS] cipher/i,
    offered: 'cipher',
    common: ['aes128-ctr', 'aes128-gcm@openssh.com'],
    directive: 'Ciphers',
  },
  {
    pattern: /no matching [CS]->[CS] MAC/i,
    offered: 'mac',
    common: ['hmac-sha2-256'],
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
    [
      nothingUsed({ name, address }, kind.offered, offered || l10n.t('none')),
      l10n.t(
        'Have {0} in its sshd_config allow {1}, or allow an old one for this host in your SSH config ("{0} +name"), then retry.',
        kind.directive,
        orText(kind.common),
      ),
    ].join(' '),
    { cause },
  );

function nothingUsed({ name, address }: HostLabel, kind: keyof Offer, offered: string): string {
  switch (kind) {
    case 'kex':
      return l10n.t(
        '{0} at {1} offers no key exchange algorithm that is used here, but only {2}.',
        name,
        address,
        offered,
      );
    case 'hostKey':
      return l10n.t(
        '{0} at {1} offers no host key algorithm that is used here, but only {2}.',
        name,
        address,
        offered,
      );
    case 'cipher':
      return l10n.t(
        '{0} at {1} offers no cipher algorithm that is used here, but only {2}.',
        name,
        address,
        offered,
      );
    case 'mac':
      return l10n.t(
        '{0} at {1} offers no MAC algorithm that is used here, but only {2}.',
        name,
        address,
        offered,
      );
  }
}

/** The encryption library of VS Code has fewer groups than that of Node. */
const isUnknownGroup = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'ERR_CRYPTO_UNKNOWN_DH_GROUP') ||
    /unknown (DH )?group/i.test(error.message));

const unknownGroup = ({ name, address }: HostLabel, offer: Offer | undefined, cause: unknown) =>
  new RemoteOperationsError(
    'Unreachable',
    [
      l10n.t(
        '{0} at {1} wants a Diffie-Hellman group for the key exchange that the encryption library of VS Code does not have.',
        name,
        address,
      ),
      ...(offer ? [l10n.t('It offers {0}.', printable(offer.kex))] : []),
      l10n.t(
        'Have KexAlgorithms in its sshd_config allow curve25519-sha256 or ecdh-sha2-nistp256, then retry.',
      ),
    ].join(' '),
    { cause },
  );
