import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { OperationView } from '../../src/operations/operationView';
import type { SubmitSpec } from '../../src/operations/operation';
import { newsKey } from '../../src/views/newsText';
import type { Settle } from '../../src/views/settled';
import { TaskTerminal } from '../../src/views/tasks/taskTerminal';
import { eventually } from '../testbed/eventually';
import { ScriptedService, view } from '../unit/windows/scriptedService';

const ended = (changes: Partial<OperationView>): OperationView =>
  view('one', { startedAt: '2026-01-01T00:00:01.000Z', endedAt: '2026-01-02T00:00:00.000Z', ...changes });
const unexplained = ended({ status: 'failed', shownStatus: 'failed', exitCode: 3 });
const failed = { ...unexplained, cause: { title: 'Exit code 3', lines: ['two'] } };
const completed = ended({ status: 'completed', shownStatus: 'completed', exitCode: 0 });

describe('the terminal of a task', () => {
  let service: ScriptedService;
  let log: string;
  let isAway: boolean;
  let terminal: TaskTerminal;
  let written: string;
  let exitCode: number | undefined;
  let settle: Settle;

  const open = (definition: Record<string, unknown> = { command: 'make all' }, lastWordsMs = 20_000) => {
    terminal = new TaskTerminal(service, (draft) => settle(draft), definition, 'build', { lastWordsMs });
    terminal.onDidWrite((text) => (written += text));
    terminal.onDidClose((code) => (exitCode = code));
    terminal.open();
  };
  const lines = () => written.replaceAll(/\x1b\[\d+m/g, '').split('\r\n');
  const untilSaid = (pattern: RegExp) =>
    eventually(`${String(pattern)} in ${written}`, () => lines().some((line) => pattern.test(line)));
  const submitted = () =>
    service.calls.flatMap(([name, spec]) => (name === 'submit' ? [spec as SubmitSpec] : []));
  const untilEnd = () => eventually(`an end of ${written}`, () => exitCode !== undefined);

  beforeEach(() => {
    [log, isAway, written, exitCode] = ['', false, '', undefined];
    service = new ScriptedService();
    settle = (draft) => Promise.resolve({ draft, act: () => service.submit(draft as SubmitSpec) });
    service.hostViews = [{ id: 'lab', name: 'GPU lab', address: 'lab', state: 'connected' }];
    service.submit = (spec) => {
      service.calls.push(['submit', spec]);
      service.put(view('one'));
      return Promise.resolve(view('one'));
    };
    service.log = ((_id: string, { offset = 0, maxBytes = 0 } = {}) => {
      const text = log.slice(offset, offset + maxBytes);
      return isAway
        ? Promise.reject(new Error('no route'))
        : Promise.resolve({ text, offset, end: offset + text.length, size: log.length });
    }) as never;
  });
  afterEach(() => terminal.close());

  it('says what runs where and under which id, shows all of its log, and then how it ended', async () => {
    log = 'one\n';
    open();
    await untilSaid(/^one$/);
    log += 'two\n 10 %\r\x1b[32m99 %\x1b[0m\x1b]0;title\x07';
    service.put(failed);
    await untilEnd();
    assert.equal(exitCode, 3);
    assert.deepEqual(lines(), [
      '["build" on GPU lab: make all]',
      '[Id one: running. Ctrl+C asks whether to kill it or to detach.]',
      'one',
      'two',
      ' 10 %\r99 %',
      '[Ended: failed (Exit code 3)]',
      '',
    ]);
    assert.ok(written.includes('\x1b[32m99 %'));
  });

  it('leaves nothing out of several megabytes: problem matchers read them', async () => {
    log = 'a line of a build that says a lot\n'.repeat(150_000);
    open();
    await untilSaid(/^\[Id one/);
    service.put(completed);
    await untilEnd();
    assert.equal(lines().length, 150_000 + 4);
  });

  it('has the end looked at as often as a view that is seen, until then', async () => {
    open();
    await eventually('a watch', () => service.visible.size === 1);
    service.put(completed);
    await untilEnd();
    assert.deepEqual([exitCode, service.visible.size], [0, 0]);
  });

  it('tells its end itself, so that no message does', async () => {
    open();
    await untilSaid(/^\[Id one/);
    service.put(failed);
    const key = newsKey({ kind: 'end', view: failed, isOfAbsence: false });
    assert.equal(service.notices.claim({ key, by: 'a window' }), false);
    await untilEnd();
  });

  it('names the cause, once it is known', async () => {
    open();
    await untilSaid(/^\[Id one/);
    service.put(unexplained);
    const cause = { title: 'The GPU ran out of memory', lines: ['CUDA error'] };
    service.put({ ...unexplained, cause });
    await untilEnd();
    assert.equal(lines().at(-2), '[Ended: failed (The GPU ran out of memory)]');
  });

  it('tells what it waits for, and stays open while nothing is known', async () => {
    const queued = (waitsFor: string) => view('one', { status: 'queued', shownStatus: 'queued', waitsFor });
    service.submit = () => {
      service.put(queued('waits for a slot'));
      return Promise.resolve(queued('waits for a slot'));
    };
    open();
    await untilSaid(/^\[Id one: queued \(waits for a slot\)/);
    service.put(queued('waits for 1 GPU: 0 of 2 free'));
    service.put(queued('waits for 1 GPU: 1 of 2 free'));
    service.put(view('one'));
    service.put(view('one', { shownStatus: 'unknown', observation: 'unreachable' }));
    service.put(view('one'));
    assert.deepEqual(lines().slice(2), [
      '[queued (waits for 1 GPU: 0 of 2 free)]',
      '[running]',
      '[unknown, unverified]',
      '[running]',
      '',
    ]);
    assert.equal(exitCode, undefined);
  });

  it('tells that its host is away, and goes on once that is back', async () => {
    log = 'one\n';
    open();
    await untilSaid(/^one$/);
    isAway = true;
    await untilSaid(/^\[GPU lab is not reached since .* no route\]$/);
    assert.equal(exitCode, undefined);
    [log, isAway] = ['one\ntwo\n', false];
    service.putHosts(...service.hostViews);
    await untilSaid(/^\[GPU lab is back\.\]$/);
    assert.ok(lines().includes('two'));
  });

  it('ends with the exit code also where the rest of the log cannot be read', async () => {
    isAway = true;
    open({ command: 'make' }, 100);
    await untilSaid(/^\[Id one/);
    service.put(failed);
    await untilEnd();
    assert.equal(exitCode, 3);
    assert.ok(lines().some((line) => line.startsWith('[The rest of its log cannot be read now')));
  });

  it('says what is wrong with its definition, and starts nothing', async () => {
    open({ command: '', port: 'high', host: 'lab' });
    await untilEnd();
    assert.equal(exitCode, 1);
    assert.deepEqual(lines(), [
      '[command: The command is missing.]',
      '[port: The port must be a number from 1 to 65535.]',
      '[Nothing was started: the definition of the task has to be changed.]',
      '',
    ]);
    assert.deepEqual(submitted(), []);
  });

  it('says why nothing was started', async () => {
    const refused = view('one', { status: 'failed', shownStatus: 'failed', error: 'No such folder.' });
    service.submit = () => Promise.resolve(refused);
    open();
    await untilEnd();
    assert.deepEqual([exitCode, lines().at(-2)], [1, '[No such folder.]']);
    exitCode = undefined;
    service.submit = () => Promise.reject(new Error('The disk is full.'));
    open();
    await untilEnd();
    assert.deepEqual([exitCode, lines().at(-2)], [1, '[The disk is full.]']);
  });

  it('starts what the user has decided to start, and shows that', async () => {
    settle = (draft) => {
      const changed = { ...draft, command: 'serve --port 8081' };
      return Promise.resolve({ draft: changed, act: () => service.submit(changed as SubmitSpec) });
    };
    open({ command: 'serve --port 8080' });
    await untilSaid(/on GPU lab: serve --port 8081/);
    const spec = await eventually('the submission', () => submitted()[0]);
    assert.equal(spec.command, 'serve --port 8081');
  });

  it('starts nothing where the user decides so, or wants out before they have decided', async () => {
    settle = () => Promise.resolve(undefined);
    open();
    await untilEnd();
    assert.match(lines().join(), /Nothing was started/);
    terminal.close();
    exitCode = undefined;
    let answer: ((decision: undefined) => void) | undefined;
    settle = () => new Promise((resolve) => (answer = resolve));
    open();
    await eventually('the question', () => answer !== undefined);
    terminal.handleInput('\x03');
    await untilEnd();
    answer?.(undefined);
    assert.deepEqual([exitCode, submitted()], [1, []]);
  });

  it('asks once at Ctrl+C, after the submission that was under way, and stays open if the kill fails', async () => {
    const kill = () => service.calls.filter(([name]) => name === 'kill');
    const { submit } = service;
    let goOn = () => {};
    service.submit = async (spec) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      return submit(spec);
    };
    service.kill = (id) => {
      service.calls.push(['kill', id]);
      return Promise.reject(new Error('It is killed once GPU lab is back.'));
    };
    open();
    await untilSaid(/on GPU lab/);
    terminal.handleInput('\x03');
    terminal.handleInput('\x03');
    goOn();
    await untilSaid(/^\[Id one/);
    terminal.handleInput('\x03');
    await eventually('an answer', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return kill().length > 0;
    });
    await untilSaid(/^\[It is killed once GPU lab is back\.\]$/);
    assert.equal(lines().filter((line) => line.startsWith('[It is being submitted.')).length, 1);
    assert.deepEqual([kill(), exitCode], [[['kill', 'one']], undefined]);
  });

  it('leaves the operation alone when it is closed, and says nothing of its end any more', async () => {
    open();
    await untilSaid(/^\[Id one/);
    terminal.close();
    service.put(failed);
    assert.equal(service.visible.size, 0);
    assert.ok(!service.calls.some(([name]) => name === 'kill'));
    const key = newsKey({ kind: 'end', view: failed, isOfAbsence: false });
    assert.equal(service.notices.claim({ key, by: 'a window' }), true);
  });
});
