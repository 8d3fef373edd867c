// An SSH server that asks questions of its own to log in: OpenSSH does that through PAM, which would take the
// whole machine's configuration. Runs commands on this machine.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2, { type Connection, type KeyboardAuthContext, type Prompt } from 'ssh2';
import { endProcessesOf } from './endProcesses';
import { serveSession } from './serveSession';
import { generateKey } from './sshd';

export interface Round {
  title?: string;
  instructions?: string;
  prompts: Prompt[];
}

/** What comes next, given the answers of the rounds before. */
export type Challenge = (answers: readonly string[][]) => Round | 'accept' | 'refuse' | 'hang up';

export interface ChallengeServerOptions {
  challenge: Challenge;
  /** To be shown after the answers were accepted. */
  password?: string;
}

export class ChallengeServer {
  readonly host = '127.0.0.1';
  readonly user = 'ada';
  port = 0;
  /** Every method that was tried, in order. */
  readonly tried: string[] = [];
  /** The answers to each attempt, round by round. */
  readonly answers: string[][][] = [];
  readonly #server: ssh2.Server;
  readonly #connections = new Set<Connection>();

  static async start(options: ChallengeServerOptions): Promise<ChallengeServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-challenge-'));
    const keys = ['host_key', 'client_key'].map((name) => path.join(folder, name));
    await Promise.all([...keys.map((file) => generateKey(file)), mkdir(path.join(folder, 'home'))]);
    const server = new ChallengeServer(folder, await readFile(path.join(folder, 'host_key')), options);
    await server.#listen();
    return server;
  }

  private constructor(
    readonly folder: string,
    hostKey: Buffer,
    private readonly options: ChallengeServerOptions,
  ) {
    this.#server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => this.#serve(connection));
  }

  get knownHostsFile(): string {
    return path.join(this.folder, 'known_hosts');
  }

  /** Has the alias `challenge`. */
  get sshConfigFile(): string {
    return path.join(this.folder, 'ssh_config');
  }

  /** A key that is refused. */
  get identityFile(): string {
    return path.join(this.folder, 'client_key');
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Ends all connections without a word. */
  hangUp(): void {
    this.#connections.forEach((connection) => connection.end());
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
    await endProcessesOf(path.join(this.folder, 'home'));
    await rm(this.folder, { recursive: true, force: true });
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, this.host, resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    const key = (await readFile(path.join(this.folder, 'host_key.pub'), 'utf8')).split(' ', 2).join(' ');
    await writeFile(this.knownHostsFile, `[${this.host}]:${this.port} ${key}\n`);
    const config = ['Host challenge', `HostName ${this.host}`, `Port ${this.port}`, `User ${this.user}`];
    await writeFile(
      this.sshConfigFile,
      [...config, 'IdentityFile none', 'IdentityAgent none', ''].join('\n  '),
    );
  }

  #serve(connection: Connection): void {
    this.#connections.add(connection);
    const { password } = this.options;
    let hasAnswered = false;
    connection
      .on('authentication', (context) => {
        this.tried.push(context.method);
        if (context.method === 'keyboard-interactive' && !hasAnswered) {
          const given: string[][] = [];
          this.answers.push(given);
          this.#ask(connection, context, given, () => {
            hasAnswered = true;
            if (password === undefined) {
              context.accept();
            } else {
              context.reject(['password'], true);
            }
          });
        } else if (context.method === 'password' && hasAnswered && context.password === password) {
          context.accept();
        } else {
          context.reject([hasAnswered ? 'password' : 'keyboard-interactive']);
        }
      })
      .on('session', (accept) => serveSession(accept, path.join(this.folder, 'home')))
      .on('error', () => connection.end())
      .on('close', () => this.#connections.delete(connection));
  }

  #ask(
    connection: Connection,
    context: KeyboardAuthContext,
    given: string[][],
    onAccepted: () => void,
  ): void {
    const next = this.options.challenge(given);
    if (next === 'accept') {
      onAccepted();
    } else if (next === 'refuse') {
      context.reject(['keyboard-interactive']);
    } else if (next === 'hang up') {
      connection.end();
    } else {
      context.prompt(next.prompts, next.title ?? '', next.instructions ?? '', (answers) => {
        given.push(answers);
        this.#ask(connection, context, given, onAccepted);
      });
    }
  }
}
