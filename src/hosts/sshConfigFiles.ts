import { dirname, isAbsolute, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import SSHConfig, { LineType, type Line } from 'ssh-config';
import { RemoteOperationsError, errorMessage } from '../operations/errors';
import { printable } from './destination';
import { matchesWildcard } from './pattern';

/** Where SSH configuration is read from. The file system is passed in. */
export interface SshConfigSource {
  home: string;
  /** Read instead of the user's and the system's file, like `ssh -F`. */
  configFile?: string;
  /** Default `/etc/ssh/ssh_config`. */
  systemConfigFile?: string;
  /** The text of a file; `undefined` when there is none. */
  readFile(path: string): Promise<string | undefined>;
  /** The names in a folder; none when it cannot be read. */
  readDirectory(path: string): Promise<string[]>;
}

export type Condition =
  { kind: 'host'; patterns: string[] } | { kind: 'match'; criteria: [name: string, value: string][] };

/** One directive, or the `Host` line of a section, and the sections it stands in, outermost first. */
export interface ConfigEntry {
  /** In lower case. */
  keyword: string;
  values: string[];
  when: Condition[];
  file: string;
}

/** The file that is being read. */
interface Place {
  file: string;
  /** What relative paths start from. */
  folder: string;
  /** The files that include it, and itself. */
  chain: string[];
  /** Its commands that are yet to come. */
  commands: string[];
}

/** As OpenSSH limits it. */
const maxDepth = 16;
const maxFiles = 500;

/** All directives in the order in which OpenSSH looks at them, `Include` followed. */
export async function loadConfigEntries(source: SshConfigSource): Promise<ConfigEntry[]> {
  const loader = new Loader(source);
  if (source.configFile !== undefined) {
    const file = untilde(source.configFile, source.home);
    return loader.load(file, join(source.home, '.ssh'), true);
  }
  const systemFile = source.systemConfigFile ?? '/etc/ssh/ssh_config';
  const user = await loader.load(join(source.home, '.ssh', 'config'), join(source.home, '.ssh'));
  return [...user, ...(await loader.load(systemFile, dirname(systemFile)))];
}

/** `~` and `~/...` of the local user. */
export const untilde = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') || path.startsWith('~\\') ? join(home, path.slice(1)) : path;

class Loader {
  #files = 0;
  constructor(readonly source: SshConfigSource) {}

  async load(file: string, folder: string, required = false): Promise<ConfigEntry[]> {
    const found = await this.#readFile(file, folder, [], []);
    if (found === undefined && required) {
      throw new RemoteOperationsError(
        'InvalidInput',
        l10n.t('The SSH config file {0} does not exist.', printable(file)),
      );
    }
    return found ?? [];
  }

  async #readFile(
    file: string,
    folder: string,
    when: Condition[],
    chain: string[],
  ): Promise<ConfigEntry[] | undefined> {
    // The first value wins, so going round a circle again could add nothing.
    if (chain.includes(file)) {
      return [];
    }
    if (chain.length >= maxDepth || ++this.#files > maxFiles) {
      throw new RemoteOperationsError(
        'InvalidInput',
        l10n.t(
          'The SSH config includes too many files, the last one {0}. Remove an Include from it.',
          printable(file),
        ),
      );
    }
    const text = await this.#text(file);
    if (text === undefined) {
      return undefined;
    }
    const place = { file, folder, chain: [...chain, file], commands: shellCommands(text) };
    return this.#readLines(parse(text, file), place, when);
  }

  /** A file that is there but cannot be read may hold what leads elsewhere: not to be passed over. */
  async #text(file: string): Promise<string | undefined> {
    try {
      return await this.source.readFile(file);
    } catch (error) {
      throw unreadable(file, error);
    }
  }

  async #readLines(lines: readonly Line[], place: Place, when: Condition[]): Promise<ConfigEntry[]> {
    const entries: ConfigEntry[] = [];
    for (const line of lines) {
      if (line.type !== LineType.DIRECTIVE) {
        continue;
      }
      const keyword = line.param.toLowerCase();
      const command = keyword === 'proxycommand' ? place.commands.shift() : undefined;
      const values = command === undefined ? valuesOf(line.value) : [command];
      if (keyword === 'include') {
        for (const file of await this.#expand(values, place.folder)) {
          entries.push(...((await this.#readFile(file, place.folder, when, place.chain)) ?? []));
        }
      } else if ('config' in line) {
        const inner = [...when, conditionOf(keyword, values)];
        entries.push({ keyword, values, when, file: place.file });
        entries.push(...(await this.#readLines(line.config, place, inner)));
      } else {
        entries.push({ keyword, values, when, file: place.file });
      }
    }
    return entries;
  }

  async #expand(patterns: readonly string[], folder: string): Promise<string[]> {
    const files: string[] = [];
    for (const pattern of patterns) {
      const path = untilde(pattern, this.source.home);
      files.push(...(await this.#glob(isAbsolute(path) ? path : join(folder, path))));
    }
    return files;
  }

  /** Wildcards in any part of a path, as glob(3) has them: sorted, and `*` leaves out hidden names. */
  async #glob(pattern: string): Promise<string[]> {
    const [root = '', ...parts] = pattern.split(/[\\/]+/);
    let paths = [root];
    for (const part of parts) {
      const next: string[] = [];
      for (const path of paths) {
        const names = /[*?]/.test(part) ? await this.#match(`${path}/`, part) : [part];
        next.push(...names.map((name) => `${path}/${name}`));
      }
      paths = next.slice(0, maxFiles);
    }
    return paths;
  }

  async #match(folder: string, pattern: string): Promise<string[]> {
    const names = await this.source.readDirectory(folder);
    return names
      .filter((name) => matchesWildcard(pattern, name) && (pattern.startsWith('.') || !name.startsWith('.')))
      .sort();
  }
}

function parse(text: string, file: string): readonly Line[] {
  try {
    return SSHConfig.parse(text);
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, cause: unknown): RemoteOperationsError =>
  new RemoteOperationsError(
    'InvalidInput',
    l10n.t(
      'The SSH config file {0} cannot be read: {1}. Correct it, then retry.',
      printable(file),
      printable(errorMessage(cause)),
    ),
    { cause },
  );

const valuesOf = (value: string | { val: string }[]): string[] =>
  typeof value === 'string' ? [value] : value.map(({ val }) => val);

/** What a shell reads counts as it is written, quotes and blanks and all: the parser takes them out. */
const shellCommands = (text: string): string[] =>
  [...text.matchAll(/^[ \t]*ProxyCommand(?:[ \t]*=[ \t]*|[ \t]+)(.*)$/gim)].map(([, command = '']) =>
    command.trim(),
  );

/** Criteria that stand alone; all others take a value. */
const bareCriteria = new Set(['all', 'canonical', 'final']);

function conditionOf(keyword: string, values: string[]): Condition {
  if (keyword === 'host') {
    return { kind: 'host', patterns: values };
  }
  const criteria: [string, string][] = [];
  for (let index = 0; index < values.length; index++) {
    const name = (values[index] ?? '').toLowerCase();
    criteria.push([name, bareCriteria.has(name) ? '' : (values[++index] ?? '')]);
  }
  return { kind: 'match', criteria };
}
