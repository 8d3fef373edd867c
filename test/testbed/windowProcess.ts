// node out/testbed/windowProcess.js STORAGE HOME
// A window without VS Code: joins the other windows on STORAGE; its host "here" is this machine, with HOME as
// home directory, and "locked" is the same behind a password. Told what to do, and telling what happens, in lines
// of JSON.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Emitter } from '../../src/emitter';
import { systemClock } from '../../src/engine/clock';
import { Engine } from '../../src/engine/engine';
import { Launchers } from '../../src/engine/launchers';
import type { Hosts } from '../../src/engine/hosts';
import { HostQuestions } from '../../src/hosts/hostQuestions';
import { LocalMachine } from '../../src/hosts/localMachine';
import { QuestionQueue } from '../../src/hosts/questionQueue';
import type { Answer, Asker, Question } from '../../src/hosts/questions';
import { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import { errorMessage, isRemoteOperationsError, RemoteOperationsError } from '../../src/operations/errors';
import type { WriteFence } from '../../src/store/durableFile';
import { OperationStore } from '../../src/store/operationStore';
import { Membership, type RunningEngine } from '../../src/windows/membership';
import { ServiceSwitch } from '../../src/windows/serviceSwitch';
import { CountedMachine } from './localMachine';
import { repositoryRoot } from './repositoryRoot';

export type WindowCall =
  | { id: number; call: 'join' | 'service' | 'leave' | 'runs' | 'churn' | 'answer'; args: unknown[] }
  | { cancel: number };

export type WindowReport =
  | { id: number; result?: unknown; error?: { code?: string; message: string } }
  | { event: 'place'; role: 'owner' | 'client'; generation: number }
  | { event: 'problem' | 'log'; message: string }
  | { event: 'written'; writes: number }
  | { event: 'asked'; question: Question }
  | { event: 'taken back' };

const [storage = '', home = '', version = '1.0.0'] = process.argv.slice(2);

const questions = new HostQuestions(new QuestionQueue());

/** Lets in who knows the password. */
class LockedMachine extends LocalMachine {
  override async connect(): Promise<void> {
    questions.allow();
    const about = { name: 'Locked', address: 'locked', user: 'ada', attempt: 1 };
    const { signal } = new AbortController();
    const answer = await questions.ask({ kind: 'password', ...about }, signal).catch(() => undefined);
    if (answer?.text !== 'secret') {
      throw new RemoteOperationsError('NeedsLogin', 'Locked was not told the password.');
    }
  }
}

/** Only the owner's window may look at the host. */
const machine = new CountedMachine(home);
const locked = new LockedMachine({ host: { id: 'locked' }, home });
const hosts: Hosts = {
  all: () => [{ id: 'here', name: 'Here', address: 'here', state: 'connected' }],
  machine: (hostId) => {
    if (hostId !== 'here' && hostId !== 'locked') {
      throw new RemoteOperationsError('UnknownHost', `There is no host "${hostId}".`);
    }
    return hostId === 'here' ? machine : locked;
  },
  permitQuestions: (_hostId, who) => questions.permit(who),
  nameOf: (hostId) => hostId,
  disconnect: () => undefined,
  renew: () => undefined,
  onDidChange: new Emitter<void>().event,
};

const report = (line: WindowReport): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const log = (message: string): void => report({ event: 'log', message });
const service = new ServiceSwitch();
let answer: (answer: Answer | undefined) => void = () => undefined;

/** The test is the user. */
const asker: Asker = {
  ask: (question, signal) =>
    new Promise((resolve) => {
      answer = resolve;
      signal.addEventListener('abort', () => {
        report({ event: 'taken back' });
        resolve(undefined);
      });
      report({ event: 'asked', question });
    }),
};
const cancellers = new Map<number, AbortController>();
let store: OperationStore | undefined;
let membership: Membership | undefined;

async function openEngine(folder: string, fence: WriteFence): Promise<RunningEngine> {
  store = await OperationStore.open({
    path: path.join(folder, 'operations.sqlite'),
    wasm: () => readFile(path.join(repositoryRoot, 'node_modules/sql.js/dist/sql-wasm.wasm')),
    now: () => new Date().toISOString(),
    log,
    fence,
  });
  const engine = new Engine({
    store,
    hosts,
    asker,
    launchers: new Launchers({ process: new ProcessLauncher(() => randomBytes(16).toString('hex')) }),
    clock: systemClock,
    notices: service.notices,
    random: Math.random,
    newId: randomUUID,
    settings: () => ({
      visibleSeconds: 0.2,
      backgroundSeconds: 0.5,
      schedulerSeconds: 30,
      unknownAfterMinutes: 60,
      stalledAfterMinutes: 10,
      maxConcurrent: 0,
      overload: { cpuPercent: 80, memoryMb: 4_000 },
    }),
    log,
  });
  await engine.start();
  return { service: engine, close: () => engine.dispose() };
}

async function join(folder: string): Promise<void> {
  await membership?.close();
  membership = new Membership({
    storage: folder,
    asker,
    version,
    service,
    openEngine: (fence) => openEngine(folder, fence),
    log,
    onProblem: (error) => report({ event: 'problem', message: errorMessage(error) }),
    onPlace: (place) => report({ event: 'place', ...place }),
    timing: { helloMs: 2_000, heartbeatMs: 200, heartbeatsMissed: 5, fenceMs: 200 },
  });
  membership.join();
}

/** Writes the database again and again, so that a signal hits in mid-write. */
async function churn(id: string): Promise<void> {
  for (let writes = 1; ; writes++) {
    store?.refresh(new Map([[id, { progress: { epoch: writes } }]]));
    await store?.flush();
    if (writes % 5 === 0) {
      report({ event: 'written', writes });
    }
  }
}

function callService(id: number, [method, ...args]: unknown[]): unknown {
  const canceller = new AbortController();
  cancellers.set(id, canceller);
  const functions = service as unknown as Record<string, (...all: unknown[]) => unknown>;
  const all = method === 'sync' ? [args[0] ?? {}, canceller.signal] : args;
  return functions[String(method)]?.(...all);
}

async function act({ id, call, args }: Exclude<WindowCall, { cancel: number }>): Promise<unknown> {
  switch (call) {
    case 'join':
      return join(String(args[0]));
    case 'service':
      return callService(id, args);
    case 'leave':
      return membership?.close();
    case 'runs':
      return machine.requests;
    case 'answer':
      return answer(typeof args[0] === 'string' ? { text: args[0], remember: false } : undefined);
    case 'churn':
      return void churn(String(args[0])).catch((error: unknown) => log(errorMessage(error)));
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request = JSON.parse(line) as WindowCall;
    if ('cancel' in request) {
      cancellers.get(request.cancel)?.abort();
      return;
    }
    act(request).then(
      (result) => report({ id: request.id, ...(result !== undefined && { result }) }),
      (error: unknown) =>
        report({
          id: request.id,
          error: {
            message: errorMessage(error),
            ...(isRemoteOperationsError(error) && { code: error.code }),
          },
        }),
    );
  })
  // The test is gone.
  .on('close', () => process.exit(0));

if (storage !== '') {
  void join(storage);
}
