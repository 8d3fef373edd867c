import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { keyTypeOf } from './knownHosts';

/** A host key with an authority's signature (OpenSSH, PROTOCOL.certkeys). */
export interface HostCertificate {
  /** The key itself, as it would be without the certificate. */
  hostKey: Buffer;
  /** 2 for a host. */
  kind: number;
  keyId: string;
  principals: string[];
  /** Seconds since 1970. */
  validAfter: bigint;
  validBefore: bigint;
  criticalOptions: Buffer;
  authority: Buffer;
  /** What the signature is over. */
  signed: Buffer;
  signature: Buffer;
}

const suffix = '-cert-v01@openssh.com';
const ofHost = 2;

/** The types that are understood; for RSA ssh2 compares names in a way that leaves certificates out. */
const fieldsOf: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
};

export const certificateAlgorithms: readonly string[] = Object.keys(fieldsOf).map((type) => type + suffix);

/** `undefined`: not a certificate, or a malformed one. */
export function parseHostCertificate(blob: Buffer): HostCertificate | undefined {
  const type = keyTypeOf(blob);
  const plainType = type.endsWith(suffix) ? type.slice(0, -suffix.length) : '';
  const fields = fieldsOf[plainType];
  if (fields === undefined) {
    return undefined;
  }
  try {
    return readCertificate(new Reader(blob), plainType, fields);
  } catch {
    return undefined;
  }
}

function readCertificate(reader: Reader, plainType: string, fields: number): HostCertificate {
  reader.string();
  reader.string(); // The nonce.
  const key = Array.from({ length: fields }, () => reader.string());
  reader.uint64(); // The serial number.
  const kind = reader.uint32();
  const keyId = reader.string().toString();
  const principals = new Reader(reader.string()).strings().map(String);
  const validAfter = reader.uint64();
  const validBefore = reader.uint64();
  const criticalOptions = reader.string();
  reader.string(); // Extensions, of which there are none for hosts.
  reader.string(); // Reserved.
  const authority = reader.string();
  const signed = reader.taken();
  const signature = reader.string();
  reader.end();
  const hostKey = Buffer.concat([Buffer.from(plainType), ...key].map(withLength));
  return {
    hostKey,
    kind,
    keyId,
    principals,
    validAfter,
    validBefore,
    criticalOptions,
    authority,
    signed,
    signature,
  };
}

/** Why a certificate of a trusted authority does not vouch for a host; `undefined` where it does. */
export function certificateProblem(
  certificate: HostCertificate,
  host: string,
  nowMs: number,
): string | undefined {
  const { kind, principals, validAfter, validBefore, criticalOptions } = certificate;
  const now = BigInt(Math.floor(nowMs / 1000));
  if (kind !== ofHost) {
    return l10n.t('is not one for a host');
  }
  if (now < validAfter) {
    return l10n.t('is not valid yet');
  }
  if (now >= validBefore) {
    return l10n.t('has expired');
  }
  // One without names would be for every host: that is not taken.
  if (!principals.some((principal) => principal.toLowerCase() === host.toLowerCase())) {
    return l10n.t('is not for {0}', host);
  }
  if (criticalOptions.length > 0) {
    return l10n.t('has conditions that are not known here');
  }
  return isSigned(certificate) ? undefined : l10n.t('is not signed by the authority that it names');
}

function isSigned({ authority, signed, signature }: HostCertificate): boolean {
  try {
    const reader = new Reader(signature);
    const algorithm = reader.string().toString();
    const bytes = reader.string();
    reader.end();
    return verifyWith(authority, algorithm, signed, bytes);
  } catch {
    return false;
  }
}

/** Signature algorithms that OpenSSH takes from an authority: not SHA-1 (CASignatureAlgorithms). */
function verifyWith(authority: Buffer, algorithm: string, data: Buffer, signature: Buffer): boolean {
  const type = keyTypeOf(authority);
  const key = publicKeyOf(authority);
  switch (algorithm) {
    case 'ssh-ed25519':
      return type === algorithm && verify(null, data, key, signature);
    case 'rsa-sha2-256':
    case 'rsa-sha2-512':
      return type === 'ssh-rsa' && verify(`sha${algorithm.slice(-3)}`, data, key, signature);
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521': {
      const { bytes, hash } = curves[algorithm];
      const reader = new Reader(signature);
      const both = [reader.string(), reader.string()].map((number) => fixedLength(number, bytes));
      return (
        type === algorithm && verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(both))
      );
    }
    default:
      return false;
  }
}

const curves = {
  'ecdsa-sha2-nistp256': { curve: 'P-256', bytes: 32, hash: 'sha256' },
  'ecdsa-sha2-nistp384': { curve: 'P-384', bytes: 48, hash: 'sha384' },
  'ecdsa-sha2-nistp521': { curve: 'P-521', bytes: 66, hash: 'sha512' },
} as const;

const isCurve = (type: string): type is keyof typeof curves => Object.hasOwn(curves, type);

function publicKeyOf(blob: Buffer): KeyObject {
  const reader = new Reader(blob);
  const type = reader.string().toString();
  const text = (bytes: Buffer) => bytes.toString('base64url');
  if (type === 'ssh-ed25519') {
    return fromJwk({ kty: 'OKP', crv: 'Ed25519', x: text(reader.string()) });
  }
  if (type === 'ssh-rsa') {
    const [e, n] = [reader.string(), reader.string()];
    return fromJwk({ kty: 'RSA', e: text(e), n: text(n) });
  }
  if (!isCurve(type)) {
    throw new Error(`A key of type ${type} cannot be checked.`);
  }
  reader.string();
  const { curve, bytes } = curves[type];
  const point = reader.string();
  if (point.length !== 1 + 2 * bytes || point[0] !== 4) {
    throw new Error('Not an uncompressed point.');
  }
  const [x, y] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)];
  return fromJwk({ kty: 'EC', crv: curve, x: text(x), y: text(y) });
}

const fromJwk = (key: Record<string, string>): KeyObject => createPublicKey({ key, format: 'jwk' });

/** A number of SSH, with zeros before it or without those that fill it up. */
function fixedLength(number: Buffer, bytes: number): Buffer {
  const digits = number.subarray(Math.max(0, number.length - bytes));
  return Buffer.concat([Buffer.alloc(bytes - digits.length), digits]);
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Throws where there is less than what is asked for. */
class Reader {
  #at = 0;
  constructor(private readonly bytes: Buffer) {}

  uint32(): number {
    this.#at += 4;
    return this.bytes.readUInt32BE(this.#at - 4);
  }

  uint64(): bigint {
    this.#at += 8;
    return this.bytes.readBigUInt64BE(this.#at - 8);
  }

  string(): Buffer {
    const length = this.uint32();
    if (this.#at + length > this.bytes.length) {
      throw new RangeError('The certificate ends early.');
    }
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  strings(): Buffer[] {
    const all: Buffer[] = [];
    while (this.#at < this.bytes.length) {
      all.push(this.string());
    }
    return all;
  }

  taken(): Buffer {
    return this.bytes.subarray(0, this.#at);
  }

  end(): void {
    if (this.#at !== this.bytes.length) {
      throw new RangeError('There is more than a certificate.');
    }
  }
}
