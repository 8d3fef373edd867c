// What the tests of the connection share: a machine for a test server, with its prompts on record.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { SshMachine, type HostLogEvent, type HostStateChange } from '../../src/hosts/connection';
import type { HostKeyQuestion } from '../../src/hosts/hostKeys';
import type { HostQuestions } from '../../src/hosts/hostQuestions';
import { localFiles } from '../../src/hosts/localFiles';
import type { Answer, Asker, Question } from '../../src/hosts/questions';
import { resolveHost, type ResolveOptions } from '../../src/hosts/sshConfig';
import { askSsh } from '../../src/hosts/sshProgram';
import { isRemoteOperationsError, type ErrorCode } from '../../src/operations/errors';
import { loginMeans, type MemorySecrets } from '../testbed/loginMeans';
import type { Sshd } from '../testbed/sshd';

export interface TestMachineOptions {
  /** Where to connect instead of to the server itself. Its key counts as known there too. */
  through?: { host: string; port: number };
  /** Directives for the alias; the first value of each counts, so they win over the server's own. */
  config?: string[];
  env?: Record<string, string>;
  /** Default: the server's key is on record, and nothing is accepted. */
  knownHosts?: string;
  accept?: (question: HostKeyQuestion) => boolean | Promise<boolean>;
  /** What is typed to other questions; a mere text is not to be remembered. Default: they are cancelled. */
  answer?: (
    question: OtherQuestion,
    signal: AbortSignal,
  ) => Answer | string | undefined | Promise<string | undefined>;
  /** No user wants anything of the host, as when it is looked at by itself. */
  unattended?: boolean;
  secrets?: MemorySecrets;
  onState?: (change: HostStateChange) => void;
}

export type OtherQuestion = Exclude<Question, { kind: 'host-key' }>;

export interface TestMachine {
  machine: SshMachine;
  questions: HostKeyQuestion[];
  /** Those that are not about a host key. */
  asked: OtherQuestion[];
  hostQuestions: HostQuestions;
  /** For `hostQuestions.permit`. */
  asker: Asker;
  states: HostStateChange[];
  log: HostLogEvent[];
  ownKnownHostsFile: string;
}

const folders: string[] = [];
const machines: SshMachine[] = [];

/** The machine is called dgx-1 in messages. */
export function machineFor(
  sshd: Pick<Sshd, 'host' | 'port' | 'user' | 'knownHostsFile' | 'identityFile'>,
  options: TestMachineOptions = {},
): TestMachine {
  const folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-machine-'));
  folders.push(folder);
  const { host, port } = options.through ?? sshd;
  const recorded = readFileSync(sshd.knownHostsFile, 'utf8');
  const ownKnownHostsFile = path.join(folder, 'own_known_hosts');
  const knownHostsFile = path.join(folder, 'known_hosts');
  const configFile = path.join(folder, 'ssh_config');
  const atPort = recorded.replaceAll(/\[127\.0\.0\.1\]:\d+/g, `[${host}]:${port}`);
  writeFileSync(knownHostsFile, options.knownHosts ?? atPort);
  const config = [
    'Host testhost',
    ...(options.config ?? []),
    `HostName ${host}`,
    `Port ${port}`,
    `User ${sshd.user}`,
    `UserKnownHostsFile ${knownHostsFile}`,
    'GlobalKnownHostsFile none',
    ...(options.config?.some((line) => line.startsWith('IdentityFile'))
      ? []
      : [`IdentityFile ${sshd.identityFile}`]),
  ];
  writeFileSync(configFile, `${config.join('\n')}\n`);
  return machineAt('testhost', configFile, { ...options, home: folder, ownKnownHostsFile });
}

export interface MachineAtOptions extends Omit<TestMachineOptions, 'through' | 'config' | 'knownHosts'> {
  home?: string;
  ownKnownHostsFile?: string;
  /** Default: the `ssh` of this computer reads the config. */
  askSsh?: ResolveOptions['askSsh'];
}

/** A machine for an alias of an SSH config file. It is called dgx-1 in messages. */
export function machineAt(alias: string, configFile: string, options: MachineAtOptions = {}): TestMachine {
  const { home = path.dirname(configFile), ownKnownHostsFile = path.join(home, 'own_known_hosts') } = options;
  const questions: HostKeyQuestion[] = [];
  const asked: OtherQuestion[] = [];
  const states: HostStateChange[] = [];
  const log: HostLogEvent[] = [];
  const hostConfig = { id: 'test', name: 'dgx-1', host: alias };
  const asker: Asker = {
    ask: async (question, signal) => {
      if (question.kind === 'host-key') {
        const { kind, ...aboutKey } = question;
        questions.push(aboutKey);
        return (await options.accept?.(aboutKey)) ? { text: '', remember: false } : undefined;
      }
      asked.push(question);
      const answer = await options.answer?.(question, signal);
      return typeof answer === 'string' ? { text: answer, remember: false } : answer;
    },
  };
  const means = loginMeans(options.unattended ? undefined : asker, options.secrets);
  const machine = new SshMachine({
    host: hostConfig,
    resolve: () =>
      resolveHost(hostConfig, {
        ...localFiles,
        home,
        user: userInfo().username,
        env: options.env ?? {},
        configFile,
        askSsh: options.askSsh ?? askSsh,
      }),
    ...means,
    ownKnownHostsFile,
    onState: (change) => {
      states.push(change);
      options.onState?.(change);
    },
    log: (event) => log.push(event),
  });
  machines.push(machine);
  return { machine, questions, asked, hostQuestions: means.questions, asker, states, log, ownKnownHostsFile };
}

export function disposeMachines(): void {
  machines.splice(0).forEach((machine) => machine.dispose());
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
}

/** The error is the expected kind, names the host, and says what to do next. */
export async function failsWith(
  work: Promise<unknown>,
  code: ErrorCode,
  ...patterns: RegExp[]
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isRemoteOperationsError(error), String(error));
    assert.equal(error.code, code, error.message);
    for (const pattern of [/dgx-1/, /\.$/, ...patterns]) {
      assert.match(error.message, pattern);
    }
    return true;
  });
}

/** A script that runs until its home folder goes, and says in a file that it has started. */
export const longScript = 'touch "$HOME/started"; while [ -e "$HOME/started" ]; do sleep 0.1; done';

export const hasStarted = (sshd: Sshd) => () => existsSync(path.join(sshd.home, 'started'));
export const forgetStarted = (sshd: Sshd) => rmSync(path.join(sshd.home, 'started'), { force: true });
