import { isOfferedKeyType } from './algorithms';
import {
  certificateAlgorithms,
  certificateProblem,
  parseHostCertificate,
  type HostCertificate,
} from './hostCertificate';
import {
  hostCertificateRefused,
  hostKeyChanged,
  hostKeyDeclined,
  hostKeyNotListed,
  hostKeyRevoked,
  hostKeyUnasked,
  type HostLabel,
} from './hostErrors';
import {
  acceptHostKey,
  authoritiesFor,
  checkHostKey,
  keyTypeOf,
  knownKeyTypes,
  type HostKeyCheck,
  type KnownHostsFile,
} from './knownHosts';
import { isAbsent, readPlainFile } from './plainFile';
import { Unasked } from './questions';
import type { UntrustedHostKey } from './sshClient';
import type { ResolvedHost } from './sshConfig';

export interface HostKeyQuestion {
  /** What the user calls the host. */
  name: string;
  /** Where it leads, and the network address that answered if that is another. */
  address: string;
  keyType: string;
  fingerprint: string;
  /** The host that is reached through it, when it is a jump host. */
  onTheWayTo?: string;
  /** An authority is on record for it, but it shows no certificate of that authority. */
  isUncertified?: true;
}

export interface HostKeyPrompt {
  /** @throws Unasked */
  acceptHostKey(question: HostKeyQuestion): Promise<boolean>;
}

const defaultPort = 22;

/** What the known_hosts files, and the user during this connection, say about one host's key. */
export class HostKeys {
  #accepted: Buffer | undefined;
  /** Asked for, unless one came that nobody on record vouches for: a plain key may be known. */
  #wantsCertificate = true;

  private constructor(
    readonly host: ResolvedHost,
    readonly files: readonly KnownHostsFile[],
    readonly ownFile: string,
  ) {}

  static async read(host: ResolvedHost, ownFile: string): Promise<HostKeys> {
    const paths = [...host.userKnownHostsFiles, ...host.globalKnownHostsFiles, ownFile];
    const files = await Promise.all([...new Set(paths)].map(readKnownHosts));
    return new HostKeys(host, files, ownFile);
  }

  /** Certificates first, where there is an authority to check them by. */
  get preferredKeyTypes(): string[] {
    const known = knownKeyTypes(this.files, this.#name, this.#port);
    return this.#wantsCertificate && this.#authorities.length > 0
      ? [...certificateAlgorithms, ...known]
      : known;
  }

  /** @param key a host's key, or its certificate */
  isTrusted(key: Buffer): boolean {
    const certificate = parseHostCertificate(key);
    const plain = certificate?.hostKey ?? key;
    const { result } = this.#check(plain);
    if (result === 'revoked') {
      return false;
    }
    if (certificate && this.#isByAuthority(certificate)) {
      return !this.#isRevoked(certificate.authority) && this.#problemOf(certificate) === undefined;
    }
    return result === 'known' || (result === 'unknown' && this.#accepted?.equals(plain) === true);
  }

  /** Resolves once another try may do, or the key is accepted for this connection; throws why it cannot be used. */
  async decide(
    label: HostLabel,
    { hostKey: shown, remoteAddress }: UntrustedHostKey,
    prompt: HostKeyPrompt | undefined,
    onTheWayTo?: string,
  ) {
    const certificate = parseHostCertificate(shown);
    const hostKey = certificate?.hostKey ?? shown;
    const check = this.#check(hostKey);
    if (check.result === 'revoked') {
      throw hostKeyRevoked(label, check);
    }
    if (certificate && this.#isByAuthority(certificate)) {
      if (this.#isRevoked(certificate.authority)) {
        throw hostKeyRevoked(label, this.#check(certificate.authority));
      }
      throw hostCertificateRefused(label, check, this.#problemOf(certificate) ?? '');
    }
    if (certificate && this.#wantsCertificate) {
      this.#wantsCertificate = false;
      return;
    }
    if (check.result === 'changed' || isOfAnotherType(check)) {
      throw hostKeyChanged(label, check);
    }
    if (this.host.strictHostKeyChecking === 'yes') {
      throw hostKeyNotListed(label, check);
    }
    const isForSureNew = !this.files.some(({ isUnread }) => isUnread);
    if (this.host.strictHostKeyChecking !== undefined && isForSureNew && prompt) {
      // `accept-new` and `no`: a key that nobody knows is taken. One that changed never is.
      this.#accepted = hostKey;
      return;
    }
    const known = remoteAddress === undefined || this.host.hostName === remoteAddress;
    const address = known ? label.address : `${label.address} (${remoteAddress})`;
    const question = {
      name: label.name,
      address,
      keyType: keyTypeOf(hostKey),
      fingerprint: check.fingerprint,
      ...(onTheWayTo !== undefined && { onTheWayTo }),
      ...(this.#authorities.length > 0 && { isUncertified: true as const }),
    };
    const verdict = await verdictOn(question, prompt);
    if (verdict !== 'accepted') {
      throw verdict === 'unasked' ? hostKeyUnasked(label, check) : hostKeyDeclined(label, check);
    }
    this.#accepted = hostKey;
  }

  /** Records a key that the user or the SSH config accepted, once the host has proven that it holds it. */
  async keepAccepted(): Promise<void> {
    if (this.#accepted && this.#check(this.#accepted).result === 'unknown') {
      await acceptHostKey(this.ownFile, this.#name, this.#port, this.#accepted);
    }
  }

  get #authorities(): Buffer[] {
    return authoritiesFor(this.files, this.#name, this.#port);
  }

  #isByAuthority({ authority }: HostCertificate): boolean {
    return this.#authorities.some((known) => known.equals(authority));
  }

  #problemOf(certificate: HostCertificate): string | undefined {
    return certificateProblem(certificate, this.#name, Date.now());
  }

  #isRevoked(key: Buffer): boolean {
    return this.#check(key).result === 'revoked';
  }

  #check(key: Buffer): HostKeyCheck {
    return checkHostKey(this.files, this.#name, this.#port, key);
  }

  get #name(): string {
    return this.host.hostKeyAlias ?? this.host.hostName;
  }

  /** A HostKeyAlias stands for the host as a whole. */
  get #port(): number {
    return this.host.hostKeyAlias === undefined ? this.host.port : defaultPort;
  }
}

/** The types on record were asked for first. A host that has none of them any more is not the one recorded. */
const isOfAnotherType = ({ expectedTypes = [] }: HostKeyCheck): boolean =>
  expectedTypes.some(isOfferedKeyType);

/** A file that cannot be read vouches for nothing. */
async function readKnownHosts(path: string): Promise<KnownHostsFile> {
  try {
    const content = await readPlainFile(path);
    return { path, text: content?.toString() ?? '' };
  } catch (error) {
    return { path, text: '', ...(!isAbsent(error) && { isUnread: true as const }) };
  }
}

/** No prompt, or a question that failed, is a no. */
async function verdictOn(
  question: HostKeyQuestion,
  prompt: HostKeyPrompt | undefined,
): Promise<'accepted' | 'declined' | 'unasked'> {
  try {
    return (await prompt?.acceptHostKey(question)) === true ? 'accepted' : 'declined';
  } catch (error) {
    return error instanceof Unasked ? 'unasked' : 'declined';
  }
}
