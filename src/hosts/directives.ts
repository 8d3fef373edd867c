import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../operations/errors';
import { printable } from './destination';
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
  /** Read instead of the known_hosts files of the user that the SSH config names. */
  knownHostsFile?: string;
  /** Asks the `ssh` of this computer. Without it, or where there is none, the files are read here. */
  askSsh?: (args: readonly string[]) => Promise<string | undefined>;
}

/** What the SSH config says about one host: for each directive the value that counts, as it is written. */
export interface Directives {
  values: ReadonlyMap<string, readonly string[]>;
  /** None where nobody named one. */
  identityFiles: readonly string[];
  /** Directives of which `ssh` has replaced the tokens already. */
  expanded: ReadonlySet<string>;
}

export const repeated = 'identityfile';
export const understood: ReadonlySet<string> = new Set([
  repeated,
  'hostname',
  'user',
  'port',
  'addressfamily',
  'kexalgorithms',
  'hostkeyalgorithms',
  'ciphers',
  'macs',
  'identitiesonly',
  'identityagent',
  'preferredauthentications',
  'userknownhostsfile',
  'globalknownhostsfile',
  'hostkeyalias',
  'stricthostkeychecking',
  'connecttimeout',
  'serveraliveinterval',
  'serveralivecountmax',
  'proxyjump',
  'proxycommand',
  'proxyusefdpass',
]);

/** Reads the files as OpenSSH does, for want of an `ssh` to ask. */
export async function readDirectives(config: HostConfig, options: ResolveOptions): Promise<Directives> {
  const found = new Findings(config, options);
  for (const entry of await loadConfigEntries(options)) {
    found.take(entry);
  }
  return found;
}

/** What a host is called in a refusal to connect it, and why. */
export const cannotConnect = ({ name, id }: HostConfig, why: string): RemoteOperationsError =>
  new RemoteOperationsError(
    'InvalidInput',
    l10n.t('{0} cannot be connected: {1}.', printable(name ?? id), why),
  );

/** The first value of each directive that applies. */
class Findings implements Directives {
  readonly values = new Map<string, readonly string[]>();
  readonly identityFiles: string[] = [];
  readonly expanded = new Set<string>();

  constructor(
    private readonly config: HostConfig,
    private readonly options: ResolveOptions,
  ) {
    if (config.user !== undefined) {
      this.values.set('user', [config.user]);
    }
    if (config.port !== undefined) {
      this.values.set('port', [String(config.port)]);
    }
  }

  take({ keyword, values, when, file }: ConfigEntry): void {
    if (!understood.has(keyword) || (this.values.has(keyword) && keyword !== repeated)) {
      return;
    }
    const verdicts = when.map((condition) => this.#applies(condition));
    if (verdicts.includes('no')) {
      return;
    }
    if (verdicts.includes('perhaps')) {
      throw cannotConnect(
        this.config,
        l10n.t(
          'its SSH config ({0}) uses Match, which only OpenSSH can judge. Install the OpenSSH client on this computer, or name the host in a Host section',
          printable(file),
        ),
      );
    }
    if (keyword === repeated) {
      this.identityFiles.push(...values);
    } else if (!this.#isOutdone(keyword)) {
      this.values.set(keyword, values);
    }
  }

  /** Of ProxyJump and ProxyCommand the first one counts; only `ProxyJump none` leaves it to the other. */
  #isOutdone(keyword: string): boolean {
    const jump = this.#first('proxyjump');
    return (
      (keyword === 'proxyjump' && this.values.has('proxycommand')) ||
      (keyword === 'proxycommand' && jump !== undefined && jump.toLowerCase() !== 'none')
    );
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
    return this.values.get(keyword)?.[0];
  }
}

/** The value of the settings counts before those of the SSH config. */
export const configFileOf = ({ configFile, home }: SshConfigSource): string | undefined =>
  configFile === undefined ? undefined : untilde(configFile, home);
