import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, ParsedKey } from 'ssh2';
import { printable } from './destination';
import { orderedAgent } from './agent';
import type { ResolvedHost } from './sshConfig';
import type { Ssh2 } from './ssh2';

/** What will be tried to log in, in this order, and why something was left out. */
export interface AuthPlan {
  methods: AnyAuthMethod[];
  /** In words for messages, like "id_ed25519". */
  offers: string[];
  problems: string[];
}

interface Identity {
  path: string;
  privateKey?: ParsedKey;
  publicKey?: Buffer;
  problem?: string;
}

const maxKeyFileBytes = 64 * 1024;

/** Collects the keys to log in with. Prompts for passphrases and passwords will add their methods here. */
export async function planAuth(ssh2: Ssh2, host: ResolvedHost): Promise<AuthPlan> {
  const identities = await Promise.all(host.identityFiles.map((path) => readIdentity(ssh2, path)));
  const usable = identities.filter((identity) => identity.privateKey !== undefined);
  const methods: AnyAuthMethod[] = [{ type: 'none', username: host.user }];
  for (const { privateKey } of usable) {
    if (privateKey) {
      methods.push({ type: 'publickey', username: host.user, key: privateKey });
    }
  }
  const offers = usable.map((identity) => basename(identity.path));
  if (host.identityAgent !== undefined) {
    const agent = orderedAgent(ssh2, host.identityAgent, {
      first: publicKeys(identities.filter((identity) => identity.privateKey === undefined)),
      without: publicKeys(usable),
      only: host.identitiesOnly,
    });
    methods.push({ type: 'agent', username: host.user, agent });
    offers.push('the keys of the SSH agent');
  }
  const problems = identities.flatMap(({ problem, path }) =>
    problem === undefined || (problem === missing && host.identityFilesAreDefaults)
      ? []
      : [`${printable(path)} ${problem}`],
  );
  return { methods, offers, problems };
}

const publicKeys = (identities: Identity[]): Buffer[] =>
  identities.flatMap(({ publicKey }) => publicKey ?? []);

const missing = 'does not exist';

async function readIdentity(ssh2: Ssh2, path: string): Promise<Identity> {
  const content = await read(path);
  if (typeof content === 'string') {
    // The key itself may be in the agent only, with just its public part on disk.
    return { path, problem: content, ...(await readPublicKey(ssh2, `${path}.pub`)) };
  }
  const parsed = parse(ssh2, content);
  if (parsed instanceof Error) {
    const encrypted = /passphrase/i.test(parsed.message);
    const problem = encrypted
      ? 'is protected by a passphrase: load it with ssh-add'
      : `cannot be used (${printable(parsed.message)})`;
    return { path, problem, ...(await readPublicKey(ssh2, `${path}.pub`)) };
  }
  const publicKey = parsed.getPublicSSH();
  return parsed.isPrivateKey() ? { path, privateKey: parsed, publicKey } : { path, publicKey };
}

async function readPublicKey(ssh2: Ssh2, path: string): Promise<{ publicKey?: Buffer }> {
  const content = await read(path);
  const parsed = typeof content === 'string' ? undefined : parse(ssh2, content);
  return parsed === undefined || parsed instanceof Error ? {} : { publicKey: parsed.getPublicSSH() };
}

function parse(ssh2: Ssh2, content: Buffer): ParsedKey | Error {
  // A file may hold several keys: the types of ssh2 do not say so.
  const parsed = ssh2.utils.parseKey(content) as ParsedKey | ParsedKey[] | Error;
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed;
}

/** The content of a key file, or why there is none. */
async function read(path: string): Promise<Buffer | string> {
  try {
    const content = await readFile(path);
    return content.length <= maxKeyFileBytes ? content : 'is too large for a key';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? missing : 'cannot be read';
  }
}

/** Goes through a plan as the host asks for more, and remembers what it learned. */
export class Login {
  exhausted = false;
  /** What the host would accept, as far as it said so. */
  accepts: readonly AuthenticationType[] = [];
  /** Failures of the agent, which do not end the login. */
  readonly agentProblems: string[] = [];
  #next = 0;

  constructor(readonly plan: AuthPlan) {}

  readonly handler: AuthHandlerMiddleware = (accepts: AuthenticationType[] | null, _partial, next) => {
    this.accepts = accepts ?? this.accepts;
    const method = this.plan.methods[this.#next++];
    const wanted = this.#next === 1 || this.accepts.includes('publickey');
    if (method && wanted) {
      next(method);
      return;
    }
    this.exhausted = true;
    // The documented way to say "no more"; the types lack it.
    next(false as unknown as AuthenticationType);
  };
}
