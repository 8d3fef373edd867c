import * as l10n from '@vscode/l10n';
import { isHostName, parseDestination, printable } from './destination';
import { cannotConnect, readDirectives, type Directives, type ResolveOptions } from './directives';
import type { HostLabel } from './hostErrors';
import type { HostConfig } from './machine';
import { throughJump } from './proxyErrors';
import { interpretDirectives, type ResolvedHost } from './resolvedHost';
import { loadConfigEntries, type SshConfigSource } from './sshConfigFiles';
import { askForDirectives } from './sshProgram';

export type { ResolveOptions } from './directives';
export type { ResolvedHost } from './resolvedHost';

/** More jumps than that are a config gone wrong. */
const maxJumps = 8;

/** The hosts that the SSH config names, in its order: every `Host` without wildcard or negation. */
export async function listAliases(source: SshConfigSource): Promise<string[]> {
  const hosts = (await loadConfigEntries(source)).filter((entry) => entry.keyword === 'host');
  return [...new Set(hosts.flatMap((entry) => entry.values))].filter((name) => isHostName(name));
}

/**
 * Follows the SSH config for a host and for those to pass before it; what the user configured for it in our
 * settings wins. Throws `InvalidInput` on what we could only ignore by connecting elsewhere than `ssh` would.
 */
export const resolveHost = (config: HostConfig, options: ResolveOptions): Promise<ResolvedHost> =>
  resolveOnWay(config, options, []);

/**
 * @param before the hosts for which this one is a jump, the one that the user wants first
 * @param stated the jumps to this host, where they are stated already: its own section is not asked then
 */
async function resolveOnWay(
  config: HostConfig,
  options: ResolveOptions,
  before: readonly string[],
  stated?: readonly string[],
): Promise<ResolvedHost> {
  const { host, jumps } = interpretDirectives(config, options, await directivesOf(config, options));
  const here = `${host.user}@${host.hostName.toLowerCase()}:${host.port}`;
  if (before.includes(here)) {
    throw cannotConnect(
      config,
      l10n.t(
        'the way to it leads through itself ({0}). Correct ProxyJump in the SSH config, for instance with "ProxyJump none" for this host',
        printable(here),
      ),
    );
  }
  const way = stated ?? jumps;
  const next = way.at(-1);
  if (next === undefined) {
    return host;
  }
  if (before.length >= maxJumps) {
    throw cannotConnect(
      config,
      l10n.t('the way leads through more than {0} hosts. Correct ProxyJump', maxJumps),
    );
  }
  const { proxyCommand, ...jumped } = host;
  const jump = jumpConfig(config, next);
  const further = way.length > 1 ? way.slice(0, -1) : undefined;
  try {
    return { ...jumped, jumpHost: await resolveOnWay(jump, options, [...before, here], further) };
  } catch (error) {
    throw before.length === 0 ? throughJump(label(config), label(jump), error) : error;
  }
}

/** `ssh` itself knows best; without it, the files are read here. */
async function directivesOf(config: HostConfig, options: ResolveOptions): Promise<Directives> {
  // Neither is to be taken for an option of ssh.
  if (!isHostName(config.host)) {
    throw cannotConnect(
      config,
      l10n.t('"{0}" is not a host name. Correct it in the settings', printable(config.host)),
    );
  }
  return (await askForDirectives(config, options)) ?? readDirectives(config, options);
}

/** A jump host is a host like any other, with its own section in the SSH config. */
function jumpConfig(config: HostConfig, text: string): HostConfig {
  try {
    const destination = parseDestination(text);
    return { id: destination.host, ...destination };
  } catch (error) {
    throw cannotConnect(
      config,
      l10n.t('ProxyJump names "{0}", which is not user@host:port. Correct it', printable(text)),
    );
  }
}

const label = ({ name, id, host }: HostConfig): HostLabel => ({ name: name ?? id, address: host });
