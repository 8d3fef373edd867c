import { join } from 'node:path';
import { RemoteOperationsError } from '../operations/errors';
import { isHostName, isUserName, parsePort, printable } from './destination';
import type { HostConfig } from './machine';
import { matchesPatternList } from './pattern';
import {
  loadConfigEntries,
  untilde,
  type Condition,
  type ConfigEntry,
  type SshConfigSource,
} from './sshConfigFiles';

export interface ResolveOptions extends SshConfigSource {
  /** The local user's name: the remote one's default. */
  user: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Where a configured host leads, after the SSH config had its say. Paths are absolute. */
export interface ResolvedHost {
  alias: string;
  hostName: string;
  user: string;
  port: number;
  identityFiles: string[];
  /** Nobody named the identity files: those that do not exist are not worth a word. */
  identityFilesAreDefaults: boolean;
  identitiesOnly: boolean;
  /** The agent's socket or pipe. */
  identityAgent?: string;
  userKnownHostsFiles: string[];
  globalKnownHostsFiles: string[];
  hostKeyAlias?: string;
  strictHostKeyChecking?: string;
  connectTimeoutSeconds?: number;
  serverAliveIntervalSeconds?: number;
}

/** Where the SSH agent of Windows listens, which sets no variable. */
const windowsAgent = process.platform === 'win32' ? String.raw`\\.\pipe\openssh-ssh-agent` : undefined;

const repeated = 'identityfile';
const scalars = [
  'hostname',
  'user',
  'port',
  'identitiesonly',
  'identityagent',
  'userknownhostsfile',
  'globalknownhostsfile',
  'hostkeyalias',
  'stricthostkeychecking',
  'connecttimeout',
  'serveraliveinterval',
  'proxyjump',
  'proxycommand',
];
const understood = new Set([...scalars, repeated]);

/** The hosts that the SSH config names, in its order: every `Host` without wildcard or negation. */
export async function listAliases(source: SshConfigSource): Promise<string[]> {
  const hosts = (await loadConfigEntries(source)).filter((entry) => entry.keyword === 'host');
  return [...new Set(hosts.flatMap((entry) => entry.values))].filter((name) => isHostName(name));
}

/**
 * Follows the SSH config for a host; what the user configured for it in our settings wins. Throws
 * `InvalidInput` on what we could only ignore by connecting elsewhere than `ssh` would.
 */
export async function resolveHost(config: HostConfig, options: ResolveOptions): Promise<ResolvedHost> {
  const found = new Findings(config, options);
  for (const entry of await loadConfigEntries(options)) {
    found.take(entry);
  }
  return found.resolve();
}

/** The first value of each directive that applies, as OpenSSH reads its files. */
class Findings {
  readonly #values = new Map<string, string[]>();
  readonly #identityFiles: string[] = [];

  constructor(
    readonly config: HostConfig,
    readonly options: ResolveOptions,
  ) {
    if (config.user !== undefined) {
      this.#values.set('user', [config.user]);
    }
    if (config.port !== undefined) {
      this.#values.set('port', [String(config.port)]);
    }
    if (config.identityFile !== undefined) {
      this.#identityFiles.push(config.identityFile);
    }
  }

  take({ keyword, values, when, file }: ConfigEntry): void {
    if (!understood.has(keyword) || (this.#values.has(keyword) && keyword !== repeated)) {
      return;
    }
    const verdicts = when.map((condition) => this.#applies(condition));
    if (verdicts.includes('no')) {
      return;
    }
    if (verdicts.includes('perhaps')) {
      throw this.#unsupported('Match', file);
    }
    if (keyword === repeated) {
      this.#identityFiles.push(...values);
    } else {
      this.#values.set(keyword, values);
    }
    this.#refuseProxy(keyword, file);
  }

  /** Of the two the first one counts, and `none` ends the matter. */
  #refuseProxy(keyword: string, file: string): void {
    if (keyword !== 'proxyjump' && keyword !== 'proxycommand') {
      return;
    }
    if (this.#first(keyword)?.toLowerCase() !== 'none') {
      throw this.#unsupported(keyword === 'proxyjump' ? 'ProxyJump' : 'ProxyCommand', file);
    }
    this.#values.set('proxyjump', ['none']).set('proxycommand', ['none']);
  }

  #applies(condition: Condition): 'yes' | 'no' | 'perhaps' {
    if (condition.kind === 'host') {
      return matchesPatternList(condition.patterns, this.config.host) ? 'yes' : 'no';
    }
    // A second pass of OpenSSH would compare with other names.
    const later = condition.criteria.some(([name]) => /^!?(final|canonical)$/.test(name));
    return !later && condition.criteria.some((criterion) => this.#rulesOut(criterion)) ? 'no' : 'perhaps';
  }

  #rulesOut([name, value]: [string, string]): boolean {
    const subjects: Record<string, string> = {
      host: this.#first('hostname') ?? this.config.host,
      originalhost: this.config.host,
      user: this.#first('user') ?? this.options.user,
      localuser: this.options.user,
    };
    const subject = subjects[name.replace(/^!/, '')];
    return subject !== undefined && matchesPatternList(value.split(','), subject) === name.startsWith('!');
  }

  #first(keyword: string): string | undefined {
    return this.#values.get(keyword)?.[0];
  }

  #unsupported(what: string, file: string): RemoteOperationsError {
    return this.#invalid(
      `its SSH config (${printable(file)}) uses ${what}, which is not supported yet. ` +
        'Add the host under a name or address that can be reached directly',
    );
  }

  #invalid(why: string): RemoteOperationsError {
    const name = printable(this.config.name ?? this.config.id);
    return new RemoteOperationsError('InvalidInput', `${name} cannot be connected: ${why}.`);
  }

  resolve(): ResolvedHost {
    const alias = this.config.host;
    const stated = this.#first('hostname');
    const hostName = stated === undefined ? alias : this.#tokens(stated, { h: alias });
    const user = this.#first('user') ?? this.options.user;
    const port = parsePort(this.#first('port') ?? '22');
    if (!isHostName(hostName)) {
      throw this.#invalid(
        `"${printable(hostName)}" is not a host name. Correct it in the settings or the SSH config`,
      );
    }
    if (!isUserName(user)) {
      throw this.#invalid(
        `"${printable(user)}" is not a user name. Correct it in the settings or the SSH config`,
      );
    }
    if (port === undefined) {
      throw this.#invalid(
        `"${printable(this.#first('port') ?? '')}" is not a port from 1 to 65535. Correct it`,
      );
    }
    const { home } = this.options;
    const tokens = { h: hostName, n: alias, p: String(port), r: user, d: home, u: this.options.user };
    const path = (text: string): string => untilde(this.#tokens(this.#variables(text), tokens), home);
    const files = (keyword: string, defaults: string[]): string[] =>
      (this.#values.get(keyword) ?? defaults).filter((file) => file.toLowerCase() !== 'none').map(path);
    const identityFilesAreDefaults = this.#identityFiles.length === 0;
    const identities = identityFilesAreDefaults
      ? ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name))
      : this.#identityFiles.filter((file) => file.toLowerCase() !== 'none').map(path);
    return {
      alias,
      hostName,
      user,
      port,
      identityFiles: [...new Set(identities)],
      identityFilesAreDefaults,
      identitiesOnly: this.#first('identitiesonly')?.toLowerCase() === 'yes',
      userKnownHostsFiles: files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
      globalKnownHostsFiles: files('globalknownhostsfile', [
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ]),
      ...this.#agent(path),
      ...optional('hostKeyAlias', this.#first('hostkeyalias')),
      ...optional('strictHostKeyChecking', this.#first('stricthostkeychecking')?.toLowerCase()),
      ...optional('connectTimeoutSeconds', seconds(this.#first('connecttimeout'))),
      ...optional('serverAliveIntervalSeconds', seconds(this.#first('serveraliveinterval'))),
    };
  }

  #agent(path: (text: string) => string): { identityAgent?: string } {
    const stated = this.#first('identityagent') ?? 'SSH_AUTH_SOCK';
    if (stated.toLowerCase() === 'none') {
      return {};
    }
    const variable = stated === 'SSH_AUTH_SOCK' ? stated : /^\$(\w+)$/.exec(stated)?.[1];
    const socket = variable === undefined ? path(stated) : (this.options.env[variable] ?? windowsAgent);
    return optional('identityAgent', socket === '' ? undefined : socket);
  }

  /** `${NAME}` of the environment. */
  #variables(text: string): string {
    return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = this.options.env[name];
      if (value === undefined) {
        throw this.#invalid(
          `its SSH config uses the environment variable ${name}, which is not set. Set it or write the value`,
        );
      }
      return value;
    });
  }

  #tokens(text: string, tokens: Record<string, string>): string {
    return text.replace(/%(.?)/g, (whole, token: string) => {
      const value = token === '%' ? '%' : tokens[token];
      if (value === undefined) {
        throw this.#invalid(
          `its SSH config uses "${printable(whole)}" in "${printable(text)}", which is not supported`,
        );
      }
      return value;
    });
  }
}

const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

/** Time formats of sshd_config(5): `90`, `1m30s`. Zero and `none` mean no limit of the user's. */
function seconds(text: string | undefined): number | undefined {
  const units: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600 };
  if (text === undefined || text.length > 20 || !/^(\d{1,6}[smh]?)+$/i.test(text)) {
    return undefined;
  }
  const parts = [...text.toLowerCase().matchAll(/(\d+)([smh]?)/g)];
  const sum = parts.reduce((total, [, count, unit]) => total + Number(count) * (units[unit ?? ''] ?? 1), 0);
  return sum > 0 ? sum : undefined;
}
