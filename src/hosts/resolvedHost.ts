import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { AlgorithmRules } from './algorithms';
import { isHostName, isUserName, parsePort, printable } from './destination';
import { cannotConnect, type Directives, type ResolveOptions } from './directives';
import type { HostConfig } from './machine';
import { untilde } from './sshConfigFiles';
import {
  UnknownToken,
  expandTokens,
  expandVariables,
  pathTokens,
  routeTokens,
  type TokenFacts,
} from './tokens';

/** Where a configured host leads, after the SSH config had its say. Paths are absolute. */
export interface ResolvedHost {
  alias: string;
  hostName: string;
  user: string;
  port: number;
  /** Use addresses of this kind only. */
  addressFamily?: 4 | 6;
  identityFiles: string[];
  /** Nobody named the identity files: those that do not exist are not worth a word. */
  identityFilesAreDefaults: boolean;
  identitiesOnly: boolean;
  /** The agent's socket or pipe. */
  identityAgent?: string;
  /** Ways to log in, the first to try first; all where not stated. */
  preferredAuthentications?: string[];
  algorithms: AlgorithmRules;
  userKnownHostsFiles: string[];
  globalKnownHostsFiles: string[];
  hostKeyAlias?: string;
  /** Of keys that are not known; the user is asked where nothing is stated. */
  strictHostKeyChecking?: 'yes' | 'accept-new' | 'no';
  connectTimeoutSeconds?: number;
  serverAliveIntervalSeconds?: number;
  serverAliveCountMax?: number;
  /** The host through which this one is reached. */
  jumpHost?: ResolvedHost;
  /** Ready for the user's shell: its standard streams lead to the host. */
  proxyCommand?: string;
}

/** One host, and the hosts to pass before it as they are written, in the order of the way. */
export interface Resolution {
  host: Omit<ResolvedHost, 'jumpHost'>;
  jumps: string[];
}

/** Where the SSH agent of Windows listens, which sets no variable. */
const windowsAgent = process.platform === 'win32' ? String.raw`\\.\pipe\openssh-ssh-agent` : undefined;

/** Makes sense of what the SSH config says. Throws `InvalidInput` on what cannot be meant. */
export function interpretDirectives(
  config: HostConfig,
  options: ResolveOptions,
  directives: Directives,
): Resolution {
  try {
    return new Interpreter(config, options, directives).interpret();
  } catch (error) {
    if (error instanceof UnknownToken) {
      throw cannotConnect(config, l10n.t('its SSH config uses {0}', printable(error.message)));
    }
    throw error;
  }
}

class Interpreter {
  readonly #facts: TokenFacts;

  constructor(
    private readonly config: HostConfig,
    private readonly options: ResolveOptions,
    private readonly directives: Directives,
  ) {
    const hostName = this.#hostName();
    const user = this.#first('user') ?? options.user;
    if (!isUserName(user)) {
      throw this.#invalid(
        l10n.t('"{0}" is not a user name. Correct it in the settings or the SSH config', printable(user)),
      );
    }
    const port = parsePort(this.#first('port') ?? '22');
    if (port === undefined) {
      throw this.#invalid(
        l10n.t('"{0}" is not a port from 1 to 65535. Correct it', printable(this.#first('port') ?? '')),
      );
    }
    this.#facts = {
      alias: config.host,
      hostName,
      user,
      port,
      hostKeyAlias: this.#first('hostkeyalias'),
      jump: this.#stated('proxyjump') ?? '',
      localHost: hostname(),
      localUser: options.user,
      localUserId: userInfo().uid,
      home: options.home,
    };
  }

  interpret(): Resolution {
    const { alias, hostName, user, port } = this.#facts;
    if (/^(yes|true)$/i.test(this.#first('proxyusefdpass') ?? '')) {
      throw this.#invalid(l10n.t('its SSH config uses ProxyUseFdpass, which is not supported. Remove it'));
    }
    const host = {
      alias,
      hostName,
      user,
      port,
      ...this.#identities(),
      identitiesOnly: /^(yes|true)$/i.test(this.#first('identitiesonly') ?? ''),
      algorithms: {
        ...optional('kexAlgorithms', this.#first('kexalgorithms')),
        ...optional('hostKeyAlgorithms', this.#first('hostkeyalgorithms')),
        ...optional('ciphers', this.#first('ciphers')),
        ...optional('macs', this.#first('macs')),
      },
      ...this.#knownHosts(),
      ...this.#agent(),
      ...optional('addressFamily', families[this.#first('addressfamily')?.toLowerCase() ?? '']),
      ...optional('preferredAuthentications', this.#first('preferredauthentications')?.split(',')),
      ...optional('hostKeyAlias', this.#facts.hostKeyAlias),
      ...optional('strictHostKeyChecking', strictness(this.#first('stricthostkeychecking'))),
      ...optional('connectTimeoutSeconds', seconds(this.#first('connecttimeout'))),
      ...optional('serverAliveIntervalSeconds', seconds(this.#first('serveraliveinterval'))),
      ...optional('serverAliveCountMax', count(this.#first('serveralivecountmax'))),
      ...optional('proxyCommand', this.#proxyCommand()),
    };
    return { host, jumps: this.#jumps() };
  }

  #hostName(): string {
    const stated = this.#first('hostname');
    const alias = this.config.host;
    const hostName = stated === undefined ? alias : this.#expand('hostname', stated, { h: alias });
    if (!isHostName(hostName)) {
      throw this.#invalid(
        l10n.t('"{0}" is not a host name. Correct it in the settings or the SSH config', printable(hostName)),
      );
    }
    return hostName;
  }

  #identities(): Pick<ResolvedHost, 'identityFiles' | 'identityFilesAreDefaults'> {
    const { identityFile } = this.config;
    const stated = [...(identityFile === undefined ? [] : [identityFile]), ...this.directives.identityFiles];
    const identityFiles =
      stated.length === 0
        ? ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(this.options.home, '.ssh', name))
        : stated.filter(isNotNone).map((file) => this.#path('identityfile', file));
    return { identityFiles: [...new Set(identityFiles)], identityFilesAreDefaults: stated.length === 0 };
  }

  #knownHosts(): Pick<ResolvedHost, 'userKnownHostsFiles' | 'globalKnownHostsFiles'> {
    const { knownHostsFile, home } = this.options;
    const user = this.directives.values.get('userknownhostsfile') ?? [
      '~/.ssh/known_hosts',
      '~/.ssh/known_hosts2',
    ];
    const global = this.directives.values.get('globalknownhostsfile') ?? [
      '/etc/ssh/ssh_known_hosts',
      '/etc/ssh/ssh_known_hosts2',
    ];
    return {
      userKnownHostsFiles:
        knownHostsFile === undefined
          ? user.filter(isNotNone).map((file) => this.#path('userknownhostsfile', file))
          : [untilde(knownHostsFile, home)],
      globalKnownHostsFiles: global.filter(isNotNone).map((file) => untilde(file, home)),
    };
  }

  #agent(): { identityAgent?: string } {
    const stated = this.#first('identityagent') ?? 'SSH_AUTH_SOCK';
    if (!isNotNone(stated)) {
      return {};
    }
    const variable = stated === 'SSH_AUTH_SOCK' ? stated : /^\$(\w+)$/.exec(stated)?.[1];
    const socket =
      variable === undefined
        ? this.#path('identityagent', stated)
        : (this.options.env[variable] ?? windowsAgent);
    return optional('identityAgent', socket === '' ? undefined : socket);
  }

  #jumps(): string[] {
    const stated = this.#stated('proxyjump');
    return stated === undefined ? [] : this.#expand('proxyjump', stated, routeTokens(this.#facts)).split(',');
  }

  /** A shell reads it: what is put in must not be read as more than a word. The rest is the user's own. */
  #proxyCommand(): string | undefined {
    const stated = this.#stated('proxycommand');
    if (stated === undefined) {
      return undefined;
    }
    const tokens = routeTokens(this.#facts);
    const unsafe = Object.entries(tokens).find(
      ([token, value]) => stated.includes(`%${token}`) && !/^[\p{L}\p{N}_.:@+,/-]+$/u.test(value),
    );
    if (unsafe) {
      throw this.#invalid(
        l10n.t(
          '"{0}" must not stand in a ProxyCommand, where a shell would read it. Correct the host or user name',
          printable(unsafe[1]),
        ),
      );
    }
    return this.#expand('proxycommand', stated, tokens);
  }

  #path(directive: string, text: string): string {
    const { env, home } = this.options;
    const plain = this.directives.expanded.has(directive) ? text : expandVariables(text, env);
    return untilde(this.#expand(directive, plain, pathTokens(this.#facts)), home);
  }

  #expand(directive: string, text: string, tokens: Readonly<Record<string, string>>): string {
    return this.directives.expanded.has(directive) ? text : expandTokens(text, tokens);
  }

  #first(keyword: string): string | undefined {
    return this.directives.values.get(keyword)?.[0];
  }

  #stated(keyword: string): string | undefined {
    const value = this.#first(keyword);
    return value === undefined || !isNotNone(value) ? undefined : value;
  }

  #invalid(why: string) {
    return cannotConnect(this.config, why);
  }
}

const families: Readonly<Record<string, 4 | 6 | undefined>> = { inet: 4, inet6: 6 };

const isNotNone = (text: string): boolean => text.toLowerCase() !== 'none';

const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

/** `ssh -G` prints true and false where the config file has yes and no. */
function strictness(text: string | undefined): ResolvedHost['strictHostKeyChecking'] {
  switch (text?.toLowerCase()) {
    case 'yes':
    case 'true':
      return 'yes';
    case 'accept-new':
      return 'accept-new';
    case 'no':
    case 'off':
    case 'false':
      return 'no';
    default:
      return undefined;
  }
}

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;

/** Time formats of sshd_config(5): `90`, `1m30s`. Zero and `none` mean no limit of the user's. */
function seconds(text: string | undefined): number | undefined {
  const units: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600 };
  if (text === undefined || text.length > 20 || !/^(\d{1,6}[smh]?)+$/i.test(text)) {
    return undefined;
  }
  const parts = [...text.toLowerCase().matchAll(/(\d+)([smh]?)/g)];
  const sum = parts.reduce((total, [, digits, unit]) => total + Number(digits) * (units[unit ?? ''] ?? 1), 0);
  return sum > 0 ? sum : undefined;
}
