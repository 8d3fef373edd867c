// Others' ways of looking whether processes live: `ps` over one SSH connection.
import { readFile } from 'node:fs/promises';
import { Client } from 'ssh2';
import type { Sshd } from '../testbed/sshd';

export class PsPeer {
  private constructor(private readonly client: Client) {}

  static async connect({ user, identityFile }: Sshd, port: number): Promise<PsPeer> {
    const client = new Client();
    const privateKey = await readFile(identityFile);
    await new Promise<void>((resolve, reject) => {
      client
        .once('ready', resolve)
        .once('error', reject)
        // The server is ours, started a moment ago.
        .connect({ host: '127.0.0.1', port, username: user, privateKey, hostVerifier: () => true });
    });
    return new PsPeer(client);
  }

  /** One after another. */
  async oneByOne(pids: readonly number[]): Promise<void> {
    await this.#several(pids, 1);
  }

  /** A server takes ten channels, so eight are as many as one dares. */
  async eightAtATime(pids: readonly number[]): Promise<void> {
    await this.#several(pids, 8);
  }

  /** One command that lists them all. */
  async allAtOnce(pids: readonly number[]): Promise<void> {
    const seen = await this.#exec(`ps -o pid= -p ${pids.join(',')}`);
    this.#expect(pids, seen);
  }

  end(): void {
    this.client.end();
  }

  async #several(pids: readonly number[], atOnce: number): Promise<void> {
    const left = [...pids];
    const work = async () => {
      for (let pid = left.shift(); pid !== undefined; pid = left.shift()) {
        this.#expect([pid], await this.#exec(`ps -p ${pid} -o pid=`));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  #expect(pids: readonly number[], seen: string): void {
    const listed = new Set(seen.trim().split(/\s+/).map(Number));
    if (!pids.every((pid) => listed.has(pid))) {
      throw new Error(`ps did not list every process: ${seen.slice(0, 200)}`);
    }
  }

  #exec(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.client.exec(command, (error, channel) => {
        if (error && 'reason' in error) {
          // The server has not yet taken note that another channel is closed.
          resolve(this.#exec(command));
          return;
        }
        if (error) {
          reject(error);
          return;
        }
        let output = '';
        channel.setEncoding('utf8').on('data', (text: string) => (output += text));
        channel.stderr.resume();
        channel.on('close', () => resolve(output));
      });
    });
  }
}
