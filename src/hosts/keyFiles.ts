import { createHash, createPrivateKey } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { ParsedKey } from 'ssh2';
import { printable } from './destination';
import { fingerprintOf } from './knownHosts';
import { readPlainFile } from './plainFile';
import type { Ssh2 } from './ssh2';

/** A private key that a passphrase protects. */
export interface LockedKey {
  /** The fingerprint; of a key that does not tell its public part, the hash of its file. */
  id: string;
  path: string;
  publicKey?: ParsedKey;
  content: Buffer;
}

/** What an identity file holds, as far as it can be told without a passphrase. */
export interface Identity {
  path: string;
  privateKey?: ParsedKey;
  locked?: LockedKey;
  publicKey?: ParsedKey;
  /** Why it cannot be used, to follow its path in a sentence. */
  problem?: string;
  isMissing?: boolean;
}

const maxKeyFileBytes = 64 * 1024;

export async function readIdentity(ssh2: Ssh2, path: string): Promise<Identity> {
  const content = await read(path);
  if (content === undefined || typeof content === 'string') {
    const isMissing = content === undefined;
    // The key itself may be in the agent only, with just its public part on disk.
    return {
      path,
      problem: content ?? l10n.t('does not exist'),
      ...(isMissing && { isMissing }),
      ...optional(await publicKeyBeside(ssh2, path)),
    };
  }
  const parsed = parseKey(ssh2, content);
  if (!(parsed instanceof Error)) {
    return parsed.isPrivateKey()
      ? { path, privateKey: parsed, publicKey: parsed }
      : { path, publicKey: parsed };
  }
  const publicKey = publicPart(ssh2, content) ?? (await publicKeyBeside(ssh2, path));
  if (isLocked(parsed)) {
    const id = publicKey ? fingerprintOf(publicKey.getPublicSSH()) : hashOf(content);
    return {
      path,
      ...optional(publicKey),
      locked: { id, path, content, ...optional(publicKey) },
    };
  }
  return { path, problem: problemOf(content, parsed), ...optional(publicKey) };
}

/** `undefined`: the passphrase is wrong. */
export function unlock(ssh2: Ssh2, { content, publicKey }: LockedKey, passphrase: string) {
  const parsed = parseKey(ssh2, content, passphrase);
  const opened = !(parsed instanceof Error) && parsed.isPrivateKey();
  // Old formats may decrypt to something else than a key that just looks like one.
  const isSame = opened && (!publicKey || parsed.getPublicSSH().equals(publicKey.getPublicSSH()));
  return isSame ? parsed : undefined;
}

const optional = (publicKey: ParsedKey | undefined): { publicKey?: ParsedKey } =>
  publicKey ? { publicKey } : {};

const hashOf = (content: Buffer): string => `file:${createHash('sha256').update(content).digest('base64')}`;

const isLocked = ({ message }: Error): boolean => /passphrase/i.test(message);

function problemOf(content: Buffer, { message }: Error): string {
  return content.toString('latin1', 0, 30).startsWith('PuTTY-User-Key-File-')
    ? l10n.t('is a PuTTY key of a kind that cannot be read: export it with PuTTYgen as an OpenSSH key')
    : l10n.t('cannot be used ({0})', printable(message));
}

function parseKey(ssh2: Ssh2, content: Buffer, passphrase?: string): ParsedKey | Error {
  try {
    // A file may hold several keys: the types of ssh2 do not say so.
    const parsed = ssh2.utils.parseKey(withoutPkcs8(content, passphrase), passphrase) as
      ParsedKey | ParsedKey[] | Error;
    return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** ssh2 reads the older forms of PEM only. @throws Error about the passphrase if that is missing or wrong */
function withoutPkcs8(content: Buffer, passphrase: string | undefined): Buffer | string {
  const [, encrypted] = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m.exec(content.toString('latin1')) ?? [];
  if (encrypted === undefined && !content.includes('-----BEGIN PRIVATE KEY-----')) {
    return content;
  }
  if (encrypted !== undefined && passphrase === undefined) {
    throw new Error('Encrypted, but no passphrase given');
  }
  const key = createPrivateKey({ key: content, ...(passphrase !== undefined && { passphrase }) });
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' });
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' });
    default:
      throw new Error(`PKCS #8 with a key of type ${key.asymmetricKeyType ?? 'unknown'}`);
  }
}

/** The public part of a private key that cannot be opened, where its format tells it. */
function publicPart(ssh2: Ssh2, content: Buffer): ParsedKey | undefined {
  const text = content.toString('latin1');
  const blob = openSshPublicPart(text) ?? puttyPublicPart(text);
  const typeLength = blob && blob.length > 4 ? blob.readUInt32BE(0) : 0;
  if (!blob || typeLength === 0 || typeLength > 64) {
    return undefined;
  }
  const line = `${blob.toString('latin1', 4, 4 + typeLength)} ${blob.toString('base64')}`;
  const parsed = parseKey(ssh2, Buffer.from(line));
  return parsed instanceof Error ? undefined : parsed;
}

/** Format: PROTOCOL.key of OpenSSH. */
function openSshPublicPart(text: string): Buffer | undefined {
  const [, base64] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text) ?? [];
  const data = Buffer.from(base64 ?? '', 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer | undefined => {
    const length = at + 4 <= data.length ? data.readUInt32BE(at) : NaN;
    at += 4 + length;
    return at <= data.length ? data.subarray(at - length, at) : undefined;
  };
  // Cipher, key derivation and its options; then the number of keys.
  const headers = [next(), next(), next()];
  at += 4;
  return headers.includes(undefined) ? undefined : next();
}

function puttyPublicPart(text: string): Buffer | undefined {
  const [, lines] = /^Public-Lines: \d+\r?\n([A-Za-z0-9+/=\r\n]+)Private-Lines:/m.exec(text) ?? [];
  return lines === undefined ? undefined : Buffer.from(lines, 'base64');
}

async function publicKeyBeside(ssh2: Ssh2, path: string): Promise<ParsedKey | undefined> {
  const content = await read(`${path}.pub`);
  const parsed = Buffer.isBuffer(content) ? parseKey(ssh2, content) : undefined;
  return parsed instanceof Error ? undefined : parsed;
}

/** The content of a key file, or why it cannot be read; `undefined`: there is no such file. */
async function read(path: string): Promise<Buffer | string | undefined> {
  try {
    const content = await readPlainFile(path);
    if (content === undefined) {
      return l10n.t('is not a file');
    }
    return content.length <= maxKeyFileBytes ? content : l10n.t('is too large for a key');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : l10n.t('cannot be read');
  }
}
