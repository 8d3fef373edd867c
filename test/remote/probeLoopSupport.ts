// What the tests of the probe's loop share: a loop to talk to, and many operations that live.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Conversation, Machine } from '../../src/hosts/machine';
import { type Block, parseBlock } from '../../src/launchers/frame';
import { probeScript } from '../../src/launchers/process/scripts';
import type { Operation, ProcessIdentity } from '../../src/operations/operation';
import { eventually } from '../testbed/eventually';
import { startTicksOf } from './scriptsProcesses';
import type { ScriptHost } from './scriptsSupport';

/** An answer of the loop, and what it took. */
export interface Told {
  nonce: string;
  block: Block;
  /** `full COUNT` or `delta COUNT BASE`. */
  kind: string;
  /** Ids of the operations that it tells of. */
  ids: string[];
  text: string;
}

/** The probe's loop, asked by hand. */
export class Loop {
  #asked = 0;
  readonly #last = new Map<string, Told>();

  private constructor(readonly conversation: Conversation) {}

  static async open(machine: Machine, script = probeScript): Promise<Loop> {
    const conversation = await machine.converse?.(script, { deadlineMs: 20_000 });
    assert.ok(conversation);
    return new Loop(conversation);
  }

  async set(lines: string[], part = ''): Promise<Told> {
    const told = await this.ask(`${lines.length} ${part}`.trim(), ...lines);
    this.#last.set(part, told);
    return told;
  }

  /** What changed since the last answer. */
  again(part = ''): Promise<Told> {
    return this.since(this.#last.get(part)?.nonce ?? '-', part);
  }

  async since(nonce: string, part = ''): Promise<Told> {
    const told = await this.ask(`again ${nonce} ${part}`.trim());
    this.#last.set(part, told);
    return told;
  }

  /** The next change of an operation. */
  change(): Promise<Told> {
    return eventually('a change', async () => {
      const told = await this.again();
      return told.ids.length > 0 && told;
    });
  }

  async ask(words: string, ...lines: string[]): Promise<Told> {
    const nonce = `n${this.#asked++}`;
    const input = `${[`${nonce} ${words}`, ...lines].join('\n')}\n`;
    const text = await this.conversation.ask(input, {
      until: `remote-ops end ${nonce} `,
      deadlineMs: 20_000,
    });
    const block = parseBlock(text, nonce, 'this machine');
    const ids = block.lines.flatMap(({ words: [tag, id = ''] }) => (tag === 'op' ? [id] : []));
    return { nonce, block, kind: block.lines[0]?.words.join(' ') ?? '', ids, text };
  }
}

export const requestLine = (id: string, { port = '-', detail = '-', quiet = '-' } = {}): string =>
  `${id} - - - ${port} ${detail} ${quiet}`;

/** Many operations that are plainly alive, all of them in the group of one shell. */
export class Crowd {
  readonly #parent: ChildProcess;

  private constructor(
    parent: ChildProcess,
    readonly operations: readonly (Operation & { identity: ProcessIdentity })[],
  ) {
    this.#parent = parent;
  }

  static async gather(host: ScriptHost, size: number) {
    const parent = spawn(
      'sh',
      ['-c', `n=0; while [ $n -lt ${size} ]; do sleep 600 & echo $!; n=$((n + 1)); done; wait`],
      { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
    );
    let text = '';
    parent.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await eventually('the crowd', () => text.split('\n').length === size + 1);
    const machineId = readFileSync('/etc/machine-id', 'utf8').trim();
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const node = readFileSync('/proc/sys/kernel/hostname', 'utf8');
    const operations = text
      .trim()
      .split('\n')
      .map((pid) => {
        const identity = { machineId, bootId, pid: Number(pid), startTicks: startTicksOf(Number(pid)) };
        const operation = host.operation('sleep 600', { id: randomUUID(), status: 'running' });
        const run = host.runFolder(operation);
        mkdirSync(path.join(run, 'claim'), { recursive: true });
        writeFileSync(path.join(run, 'ident'), `${machineId} ${bootId} ${pid} ${identity.startTicks}\n`);
        writeFileSync(path.join(run, 'claim/node'), node);
        return { ...operation, identity };
      });
    return new Crowd(parent, operations);
  }

  get lines(): string[] {
    return this.operations.map(({ id }) => requestLine(id));
  }

  end(): void {
    process.kill(-(this.#parent.pid as number), 'SIGKILL');
  }
}

/** Programs that take a note when they are started, for a host's PATH. */
export class Watcher {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-watch-'));
  readonly #log = path.join(this.#folder, 'log');

  constructor() {
    for (const name of [
      'awk',
      'cat',
      'cut',
      'df',
      'grep',
      'head',
      'od',
      'ps',
      'sed',
      'sleep',
      'ss',
      'stat',
      'tail',
      'timeout',
      'tr',
      'uname',
    ]) {
      const file = path.join(this.#folder, name);
      const text = `#!/bin/dash\necho ${name} >> ${this.#log}\nPATH=$real_path\nexec ${name} "$@"\n`;
      writeFileSync(file, text);
      chmodSync(file, 0o755);
    }
  }

  /** A line for the beginning of a script. */
  get prelude(): string {
    return `real_path=$PATH\nexport real_path\nPATH=${this.#folder}:$PATH\n`;
  }

  /** What was started since the last call. */
  started(): string[] {
    const names = existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trim().split('\n') : [];
    rmSync(this.#log, { force: true });
    return names.sort();
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
