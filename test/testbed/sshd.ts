// A real OpenSSH server on a free port of this machine, with keys of its own, for the current user.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually';
import { freePort } from './freePort';
import { endProcessesOf } from './endProcesses';
import { startGuarded, type GuardedProcess } from './guardedProcess';
import { findProgram } from './systemPackages.mjs';

const run = promisify(execFile);
const startDeadlineMs = 10_000;

export interface SshdOptions {
  /** Home folder of the sessions. Default: a folder of this server's own. */
  home?: string;
  maxSessions?: number;
  /** Further variables of the sessions' environment. */
  variables?: Readonly<Record<string, string>>;
  /** Runs instead of any command. */
  forceCommand?: string;
  /** Takes the passwords of this machine's users, which needs root. */
  passwords?: boolean;
  /** Whether it takes files. Default true. */
  sftp?: boolean;
  /** Further lines for sshd_config. */
  config?: string[];
  /** Default `ed25519`. */
  hostKeyTypes?: ('ed25519' | 'ecdsa' | 'rsa')[];
}

export interface Sshd {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly home: string;
  /** Holds all of the server's files; removed at the end. */
  readonly folder: string;
  /** A private key that may log in. */
  readonly identityFile: string;
  /** Holds the server's first host key. */
  readonly knownHostsFile: string;
  /** Has the alias `testhost`. */
  readonly sshConfigFile: string;
  /** Of the first host key as it is now. */
  readonly hostKeyFingerprint: string;
  /** What the server logged so far. */
  log(): string;
  /** Connections that are logged in. */
  connectionCount(): Promise<number>;
  /** Restarts with other host keys on the same port. */
  replaceHostKey(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-sshd-'));
  const server = new Server(folder, options);
  try {
    await server.prepare();
    await server.startOnFreePort();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A new key pair; its private part is at the path. */
export async function generateKey(file: string, type = 'ed25519', passphrase = ''): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'testbed', '-f', file]);
}

class Server implements Sshd {
  readonly host = '127.0.0.1';
  readonly user = userInfo().username;
  readonly home: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly sshConfigFile: string;
  port = 0;
  hostKeyFingerprint = '';
  #process: GuardedProcess | undefined;
  #log = '';

  constructor(
    readonly folder: string,
    readonly options: SshdOptions,
  ) {
    this.home = options.home ?? path.join(folder, 'home');
    this.identityFile = path.join(folder, 'client_key');
    this.knownHostsFile = path.join(folder, 'known_hosts');
    this.sshConfigFile = path.join(folder, 'ssh_config');
  }

  log(): string {
    return this.#log;
  }

  async prepare(): Promise<void> {
    await mkdir(this.home, { recursive: true, mode: 0o700 });
    await generateKey(this.identityFile);
    await writeFile(path.join(this.folder, 'authorized_keys'), await readFile(`${this.identityFile}.pub`));
    await this.#generateHostKeys();
    if (process.getuid?.() === 0) {
      // Where sshd locks in the part of itself that talks to strangers.
      await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    }
  }

  async startOnFreePort(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.port = await freePort();
      try {
        await this.#start();
        break;
      } catch (error) {
        if (attempt === 5 || !String(error).includes('Address already in use')) {
          throw error;
        }
      }
    }
    const [hostKey = ''] = this.#hostKeys;
    const key = (await readFile(`${hostKey}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
    await writeFile(this.knownHostsFile, `[${this.host}]:${this.port} ${key}\n`);
    await writeFile(
      this.sshConfigFile,
      [
        'Host testhost',
        `  HostName ${this.host}`,
        `  User ${this.user}`,
        `  Port ${this.port}`,
        `  IdentityFile ${this.identityFile}`,
        `  UserKnownHostsFile ${this.knownHostsFile}`,
        '  IdentityAgent none',
        '',
      ].join('\n'),
    );
  }

  async replaceHostKey(): Promise<void> {
    await this.#end();
    await Promise.all(this.#hostKeys.flatMap((file) => [rm(file), rm(`${file}.pub`)]));
    await this.#generateHostKeys();
    await this.#start();
  }

  async connectionCount(): Promise<number> {
    return (await this.#sessions()).length;
  }

  async stop(): Promise<void> {
    await this.#end();
    // What its sessions started outlives them on purpose.
    await endProcessesOf(this.home);
    await rm(this.folder, { recursive: true, force: true });
  }

  get #hostKeys(): string[] {
    const types = this.options.hostKeyTypes ?? ['ed25519'];
    return types.map((type) => path.join(this.folder, `host_${type}`));
  }

  async #generateHostKeys(): Promise<void> {
    await Promise.all(
      this.#hostKeys.map((file) => generateKey(file, path.basename(file).slice('host_'.length))),
    );
    const { stdout } = await run('ssh-keygen', ['-l', '-f', this.#hostKeys[0] ?? '']);
    this.hostKeyFingerprint = stdout.split(' ')[1] ?? '';
  }

  async #start(): Promise<void> {
    const file = path.join(this.folder, 'sshd_config');
    await writeFile(file, this.#config().join('\n') + '\n');
    const sshd = findProgram('sshd');
    if (sshd === undefined) {
      throw new Error('sshd is not installed.');
    }
    const started = startGuarded(sshd, ['-D', '-e', '-f', file], {
      onOutput: (text) => (this.#log += text),
    });
    this.#process = started;
    await started.waitForOutput(/Server listening on 127\.0\.0\.1/, startDeadlineMs);
  }

  #config(): string[] {
    const {
      maxSessions,
      variables,
      forceCommand,
      passwords = false,
      sftp = true,
      config = [],
    } = this.options;
    return [
      `Port ${this.port}`,
      `ListenAddress ${this.host}`,
      ...this.#hostKeys.map((file) => `HostKey ${file}`),
      `AuthorizedKeysFile ${path.join(this.folder, 'authorized_keys')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      `PasswordAuthentication ${passwords ? 'yes' : 'no'}`,
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'UseDNS no',
      'LogLevel VERBOSE',
      'MaxStartups 100',
      ...(sftp ? ['Subsystem sftp internal-sftp'] : []),
      // In one line: of several only the first counts.
      `SetEnv ${Object.entries({ ...variables, HOME: this.home })
        .map(([name, value]) => `${name}="${value}"`)
        .join(' ')}`,
      ...(maxSessions === undefined ? [] : [`MaxSessions ${maxSessions}`]),
      ...(forceCommand === undefined ? [] : [`ForceCommand ${forceCommand}`]),
      ...config,
    ];
  }

  /** Connections are served by children in process groups of their own; the server takes note of their end. */
  async #end(): Promise<void> {
    if (!this.#process) {
      return;
    }
    // Again and again: a client may connect anew as soon as it has lost its connection.
    await eventually('the end of the sessions', async () => {
      const [sessions, processes] = [await this.#sessions(), await listProcesses()];
      sessions.flatMap(({ pid }) => [pid, ...descendantsOf(pid, processes)]).forEach(kill);
      return sessions.length === 0;
    });
    await this.#process.stop(1000);
    this.#process = undefined;
  }

  async #sessions(): Promise<Process[]> {
    const children = (await listProcesses()).filter(({ parent }) => parent === this.#process?.pid);
    return children.filter(({ name }) => name.startsWith('sshd'));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Ended with its parent.
  }
}

interface Process {
  pid: number;
  parent: number;
  name: string;
}

async function listProcesses(): Promise<Process[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,comm=']);
    return [...stdout.matchAll(/^ *(\d+) +(\d+) +(?:.*\/)?(.*)$/gm)].map(toProcess);
  }
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(ids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.flatMap((stat) => {
    const [, pid, name, parent] = /^(\d+) \((.*)\) \S (\d+)/s.exec(stat) ?? [];
    return pid === undefined ? [] : [toProcess(['', pid, parent, name])];
  });
}

const toProcess = ([, pid, parent, name = '']: (string | undefined)[]): Process => ({
  pid: Number(pid),
  parent: Number(parent),
  name,
});

function descendantsOf(pid: number, processes: readonly Process[]): number[] {
  const children = processes.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child.pid, ...descendantsOf(child.pid, processes)]);
}
