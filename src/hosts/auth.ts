import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ParsedKey } from 'ssh2';
import { listAgentKeys, type AgentKey } from './agent';
import { printable } from './destination';
import { readIdentity, type Identity, type LockedKey } from './keyFiles';
import type { Keyring } from './keyring';
import { fingerprintOf } from './knownHosts';
import type { ResolvedHost } from './sshConfig';
import type { Ssh2 } from './ssh2';

/** A key to log in with. */
export interface KeyOffer {
  /** The same for the same key, wherever it comes from. */
  id: string;
  /** In words for messages, like "id_ed25519". */
  name: string;
  how: { by: 'file'; key: ParsedKey } | { by: 'agent'; key: AgentKey } | { by: 'passphrase'; key: LockedKey };
}

/** The keys to try, in this order, and why some were left out. */
export interface KeyPlan {
  offers: KeyOffer[];
  problems: string[];
}

/**
 * Collects the keys to log in with: those that are at hand, those of the agent, and last those that need a
 * passphrase. Of the agent's keys those that the identity files name come first, as hosts break off after a
 * few wrong ones (MaxAuthTries).
 */
export async function planKeys(ssh2: Ssh2, host: ResolvedHost, keyring: Keyring): Promise<KeyPlan> {
  const identities = await Promise.all(host.identityFiles.map((path) => readIdentity(ssh2, path)));
  const files = identities.flatMap((identity) => fileOffer(identity, keyring) ?? []);
  const named = identities.flatMap(({ publicKey }) => publicKey ?? []).map(idOf);
  const { offers: agents, problems } = await agentOffers(ssh2, host, named);
  const locked = identities.flatMap((identity) => lockedOffer(identity, keyring) ?? []);
  // Those that do not tell their public part would need a passphrase only to be refused.
  const isBlind = ({ how }: KeyOffer) => how.by === 'passphrase' && !how.key.publicKey;
  const all = [...files, ...agents, ...locked.filter((offer) => !isBlind(offer)), ...locked.filter(isBlind)];
  const atHand = new Set(files.map(({ id }) => id));
  return {
    offers: all.filter(({ id, how }) => how.by === 'file' || !atHand.has(id)),
    problems: [...identities.flatMap((identity) => problemOf(identity, host)), ...problems],
  };
}

const idOf = (key: ParsedKey): string => fingerprintOf(key.getPublicSSH());

function fileOffer({ path, privateKey, locked }: Identity, keyring: Keyring): KeyOffer | undefined {
  const key = privateKey ?? (locked && keyring.get(locked.id));
  return key && { id: idOf(key), name: nameOf(path), how: { by: 'file', key } };
}

function lockedOffer({ path, locked }: Identity, keyring: Keyring): KeyOffer | undefined {
  return locked && !keyring.get(locked.id)
    ? { id: locked.id, name: nameOf(path), how: { by: 'passphrase', key: locked } }
    : undefined;
}

const nameOf = (path: string): string => printable(basename(path));

/** An agent that fails does not end the login. */
async function agentOffers(ssh2: Ssh2, host: ResolvedHost, named: readonly string[]): Promise<KeyPlan> {
  if (host.identityAgent === undefined) {
    return { offers: [], problems: [] };
  }
  try {
    const keys = await listAgentKeys(ssh2, host.identityAgent);
    const offers = keys.map((key): KeyOffer => {
      const name = printable(key.publicKey.comment || key.publicKey.type);
      return {
        id: idOf(key.publicKey),
        name: l10n.t('{0} of the SSH agent', name),
        how: { by: 'agent', key },
      };
    });
    const preferred = offers
      .filter(({ id }) => named.includes(id))
      .sort((a, b) => named.indexOf(a.id) - named.indexOf(b.id));
    const others = host.identitiesOnly ? [] : offers.filter((offer) => !preferred.includes(offer));
    return { offers: [...preferred, ...others], problems: [] };
  } catch (error) {
    const why = printable(error instanceof Error ? error.message : String(error));
    return { offers: [], problems: [l10n.t('The SSH agent failed ({0})', why)] };
  }
}

const problemOf = ({ problem, path, isMissing }: Identity, host: ResolvedHost): string[] =>
  problem === undefined || (isMissing && host.identityFilesAreDefaults)
    ? []
    : [`${printable(path)} ${problem}`];
