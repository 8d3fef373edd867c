import { createHash, createHmac } from 'node:crypto';
import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../operations/errors';
import { isHostName } from './destination';
import { matchesPatternList } from './pattern';

/** A known_hosts file as it was read. Format: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownHostsFile {
  path: string;
  text: string;
  /** It is there and could not be read: what it says of a host is not known. */
  isUnread?: true;
}

export interface HostKeyCheck {
  /** `changed`: a key of the same type is on record, and it is another one. */
  result: 'known' | 'unknown' | 'changed' | 'revoked';
  /** Of the key offered. */
  fingerprint: string;
  /** Where the record stands that decided; lines count from 1. */
  file?: string;
  line?: number;
  /** Of the keys on record for this host: those of the same type if `changed`, of other types if `unknown`. */
  expectedFingerprints?: string[];
  expectedTypes?: string[];
}

interface KnownKey {
  revoked: boolean;
  /** The key of an authority that signs those of hosts. */
  isAuthority: boolean;
  keyType: string;
  blob: Buffer;
  file: string;
  line: number;
}

const defaultPort = 22;

/** `SHA256:` and base64 without padding, as `ssh-keygen -l` prints it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The type that a public key's blob names (RFC 4253, 6.6); empty when it is not one. */
export function keyTypeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const name =
    length > 0 && length <= 64 && key.length >= 4 + length ? key.toString('latin1', 4, 4 + length) : '';
  return /^[\w@.-]+$/.test(name) ? name : '';
}

/** A key is its type and more fields, each with its length before it (RFC 4253, 6.6). */
function isWhole(key: Buffer): boolean {
  let at = 0;
  let fields = 0;
  for (; at + 4 <= key.length; fields++) {
    at += 4 + key.readUInt32BE(at);
  }
  return at === key.length && fields >= 2;
}

/** Compares the key that a host offers with what the files say about it. Never trusts by itself. */
export function checkHostKey(
  files: readonly KnownHostsFile[],
  host: string,
  port: number,
  key: Buffer,
): HostKeyCheck {
  const check = checkName(files, recordName(host, port), key);
  if (check.result !== 'unknown' || port === defaultPort) {
    return check;
  }
  // Like OpenSSH: a record without port vouches for the same key on another port, but never against one.
  const portless = checkName(files, recordName(host, defaultPort), key);
  return portless.result === 'known' || portless.result === 'revoked' ? portless : check;
}

/** The key types on record for a host, in the order of the files: those to ask the host for first. */
export function knownKeyTypes(files: readonly KnownHostsFile[], host: string, port: number): string[] {
  const records = recordNames(host, port).flatMap((name) => keysFor(files, name));
  return [...new Set(records.filter((record) => !record.revoked).map((record) => record.keyType))];
}

/** The keys of the authorities whose certificates vouch for a host (`@cert-authority`). */
export const authoritiesFor = (files: readonly KnownHostsFile[], host: string, port: number): Buffer[] =>
  recordNames(host, port).flatMap((name) =>
    recordsFor(files, name)
      .filter(({ isAuthority }) => isAuthority)
      .map(({ blob }) => blob),
  );

/** Adds a key that the user accepted to our own file, which is created when needed. */
export async function acceptHostKey(path: string, host: string, port: number, key: Buffer): Promise<void> {
  const keyType = keyTypeOf(key);
  if (!isHostName(host) || keyType === '' || !isWhole(key)) {
    throw new RemoteOperationsError(
      'InvalidInput',
      l10n.t('The key of "{0}" cannot be recorded: it is malformed.', host),
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const line = `${recordName(host, port)} ${keyType} ${key.toString('base64')}\n`;
  const separator = (await endsWithNewline(path)) ? '' : '\n';
  await appendFile(path, separator + line, { mode: 0o600 });
}

/** A write that was cut short must not spoil the line after it. */
async function endsWithNewline(path: string): Promise<boolean> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    return size === 0 || ((await file.read(last, 0, 1, size - 1)).bytesRead === 1 && last[0] === 0x0a);
  } finally {
    await file.close();
  }
}

const recordName = (host: string, port: number): string =>
  port === defaultPort ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** As OpenSSH looks them up: with the port, then without. */
const recordNames = (host: string, port: number): string[] => [
  ...new Set([recordName(host, port), recordName(host, defaultPort)]),
];

function checkName(files: readonly KnownHostsFile[], name: string, key: Buffer): HostKeyCheck {
  const fingerprint = fingerprintOf(key);
  const records = keysFor(files, name);
  const same = records.filter((record) => record.blob.equals(key));
  const decisive = same.find((record) => record.revoked) ?? same[0];
  if (decisive) {
    const result = decisive.revoked ? 'revoked' : 'known';
    return { result, fingerprint, file: decisive.file, line: decisive.line };
  }
  const valid = records.filter((record) => !record.revoked);
  const ofType = valid.filter((record) => record.keyType === keyTypeOf(key));
  const others = ofType.length > 0 ? ofType : valid;
  const first = others[0];
  return {
    result: ofType.length > 0 ? 'changed' : 'unknown',
    fingerprint,
    ...(first && {
      file: first.file,
      line: first.line,
      expectedFingerprints: others.map((record) => fingerprintOf(record.blob)),
      expectedTypes: others.map((record) => record.keyType),
    }),
  };
}

const keysFor = (files: readonly KnownHostsFile[], name: string): KnownKey[] =>
  recordsFor(files, name).filter(({ isAuthority }) => !isAuthority);

function recordsFor(files: readonly KnownHostsFile[], name: string): KnownKey[] {
  return files.flatMap(({ path, text }) =>
    text.split(/\r?\n/).flatMap((line, index) => {
      const key = readLine(line, name);
      return key ? [{ ...key, file: path, line: index + 1 }] : [];
    }),
  );
}

/** The key on a line if the line speaks of this name. Malformed lines do not. */
function readLine(line: string, name: string): Omit<KnownKey, 'file' | 'line'> | undefined {
  const fields = line.trim().split(/[ \t]+/);
  const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
  const [names, keyType, base64] = fields;
  if (names === undefined || keyType === undefined || base64 === undefined || names.startsWith('#')) {
    return undefined;
  }
  const [revoked, isAuthority] = [marker === '@revoked', marker === '@cert-authority'];
  if ((marker !== undefined && !revoked && !isAuthority) || !namesHost(names, name)) {
    return undefined;
  }
  const blob = Buffer.from(base64, 'base64');
  return keyTypeOf(blob) === keyType && isWhole(blob) ? { revoked, isAuthority, keyType, blob } : undefined;
}

function namesHost(names: string, name: string): boolean {
  if (!names.startsWith('|')) {
    return matchesPatternList(names.toLowerCase().split(','), name);
  }
  const [, version, salt, hash] = names.split('|');
  if (version !== '1' || !salt || !hash) {
    return false;
  }
  return createHmac('sha1', Buffer.from(salt, 'base64'))
    .update(name)
    .digest()
    .equals(Buffer.from(hash, 'base64'));
}
