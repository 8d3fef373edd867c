import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { mock } from 'node:test';
import { ParameterStructures } from 'vscode-jsonrpc/node';
import type { Answer, Asker, Question } from '../../../src/hosts/questions';
import type { HostHealth } from '../../../src/operations/hostHealth';
import { sharedAbsenceConfirmMs } from '../../../src/operations/decision';
import { RemoteOperationsError } from '../../../src/operations/errors';
import { type Claim, newToken } from '../../../src/windows/claims';
import { openLink } from '../../../src/windows/link';
import { connectToOwner, type OwnerConnection } from '../../../src/windows/ownerConnection';
import { maxMessageBytes, protocolVersion } from '../../../src/windows/protocol';
import { request } from '../../../src/windows/request';
import { WindowServer } from '../../../src/windows/windowServer';
import { eventually } from '../../testbed/eventually';
import { summaryOf } from '../../../src/operations/summary';
import { eightGpus, unreachable } from '../operations/hostSamples';
import { ScriptedService, view } from './scriptedService';

const patience = { helloMs: 2_000, heartbeatMs: 1_000, heartbeatsMissed: 5 };
const report = { checked: 1, synced: 0, unreachable: 0, errors: 0, durationMs: 5, hosts: [] };

describe('requests between windows', () => {
  let folder: string;
  let server: WindowServer;
  let claim: Claim;
  let engine: ScriptedService;
  const connections: OwnerConnection[] = [];
  /** What the client's user does with a question. */
  let onAsk: Asker['ask'];
  const asker: Asker = { ask: (...question) => onAsk(...question) };
  const sockets: Socket[] = [];

  async function client(version = '1.0.0'): Promise<OwnerConnection> {
    const connection = await connectToOwner(claim, version, patience, new AbortController().signal, asker);
    assert.ok(connection);
    connections.push(connection);
    return connection;
  }

  async function readyClient(): Promise<OwnerConnection> {
    const connection = await client();
    await connection.service.ready;
    return connection;
  }

  async function bareLink() {
    const socket = connect({ path: claim.socket });
    sockets.push(socket);
    await once(socket, 'connect');
    return { socket, link: openLink(socket) };
  }

  const ended = ({ ended }: { ended: AbortSignal }) => ended.aborted || once(ended, 'abort');

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rpc-'));
    claim = { socket: path.join(folder, 'sock'), token: newToken(), computer: 'here' };
    server = await WindowServer.listen(claim.socket, {
      token: claim.token,
      version: '1.0.0',
      helloMs: 2_000,
    });
    onAsk = () => Promise.resolve(undefined);
    engine = new ScriptedService();
    server.serve(engine);
  });

  afterEach(async () => {
    connections.splice(0).forEach((connection) => connection.end());
    sockets.splice(0).forEach((socket) => socket.destroy());
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('begin with the whole state', async () => {
    engine.views.set('a', view('a'));
    engine.seriesOf.set('a', { name: 'loss', values: [3, 2] });
    engine.hostViews = [{ id: 'lab', name: 'Lab', address: 'lab', state: 'connected' }];
    const { service } = await readyClient();
    assert.deepEqual(service.operations(), engine.operations());
    assert.deepEqual(service.hosts(), engine.hosts());
    assert.deepEqual(service.series('a'), { name: 'loss', values: [3, 2] });
  });

  it('carry what hosts do, and how it went', async () => {
    const health: HostHealth = {
      sampledAt: '2026-01-01T00:00:00.000Z',
      ...{ cores: 2, load: 1, cpuPercent: 50, memoryTotalMb: 2, memoryFreeMb: 1 },
      gpus: [{ index: 0, uuid: 'GPU-1', name: 'A', percent: 5 }],
    };
    engine.hostViews = [{ id: 'lab', name: 'Lab', address: 'lab', state: 'connected', health }];
    const { service } = await readyClient();
    assert.deepEqual(service.hosts()[0]?.health, health);
    engine.answer = () => Promise.resolve(health);
    assert.deepEqual(await service.sampleHost('lab'), health);
    const courses = [{ resource: 'gpuPercent', gpu: 0, points: [[1, 5]] }];
    engine.answer = () => Promise.resolve(courses);
    assert.deepEqual(await service.hostCourses('lab'), courses);
    assert.deepEqual(engine.calls.slice(-2), [
      ['sampleHost', 'lab'],
      ['hostCourses', 'lab'],
    ]);
  });

  it('wait with the state until there is an engine', async () => {
    const path_ = path.join(folder, 'later');
    const later = await WindowServer.listen(path_, { token: claim.token, version: '1.0.0', helloMs: 2_000 });
    claim = { ...claim, socket: path_ };
    const { service } = await client();
    engine.views.set('a', view('a'));
    later.serve(engine);
    await service.ready;
    assert.equal(service.get('a')?.name, 'a');
    await later.close();
  });

  it('say which window reports, and that it reports no more once it has gone', async () => {
    const connection = await readyClient();
    engine.answer = () => Promise.resolve(view('a'));
    await connection.service.startReport({ name: 'x' }, 'a');
    await connection.service.updateReport('a', { progress: 0.5 });
    connection.service.hearReports(['a']);
    await eventually('the window to be heard', () => engine.calls.length === 3);
    connection.end();
    await eventually('its end to be told', () => engine.calls.length === 4);
    const window = engine.calls[0]?.[3];
    assert.deepEqual(engine.calls, [
      ['startReport', { name: 'x' }, 'a', window],
      ['updateReport', 'a', { progress: 0.5 }, window],
      ['hearReports', ['a'], window],
      ['hearReports', [], window],
    ]);
    assert.match(String(window), /^window \d+$/);
  });

  it('tell of what changes, comes, goes, and is archived', async () => {
    engine.put(view('a'), view('b', { submittedAt: '2026-01-02T00:00:00.000Z' }));
    const { service } = await readyClient();
    const told = () =>
      new Promise<string[]>((resolve) => {
        const subscription = service.onDidChange((views) => {
          subscription.dispose();
          resolve(views.map(({ id }) => id));
        });
      });
    const ids = () => service.operations().map(({ id }) => id);

    let next = told();
    engine.put(view('c', { submittedAt: '2026-01-03T00:00:00.000Z' }), view('a', { progress: 0.5 }));
    assert.deepEqual(await next, ['c', 'a']);
    assert.deepEqual(ids(), ['c', 'b', 'a']);
    assert.equal(service.get('a')?.progress, 0.5);

    next = told();
    engine.remove(view('b'));
    assert.deepEqual(await next, ['b']);
    assert.deepEqual(ids(), ['c', 'a']);

    next = told();
    engine.archived.add('a');
    engine.put(view('a', { status: 'completed', shownStatus: 'completed' }));
    assert.deepEqual(await next, ['a']);
    assert.deepEqual(ids(), ['c']);
    assert.equal(service.get('a')?.status, 'completed');
  });

  it('gather changes that come together', async () => {
    const { service } = await readyClient();
    const batches: number[] = [];
    const last = new Promise<void>((resolve) => {
      service.onDidChange((views) => {
        batches.push(views.length);
        if (views.some(({ id }) => id === '99')) {
          resolve();
        }
      });
    });
    for (let n = 0; n < 100; n++) {
      engine.put(view(String(n)));
    }
    await last;
    assert.deepEqual(batches, [100]);
  });

  it('tell of hosts', async () => {
    const { service } = await readyClient();
    const told = new Promise<void>((resolve) => service.onDidChangeHosts(resolve));
    engine.putHosts({ id: 'lab', name: 'Lab', address: 'lab', state: 'unreachable', error: 'gone' });
    await told;
    assert.equal(service.hosts()[0]?.error, 'gone');
  });

  it('tell of cases, from the beginning and as they change', async () => {
    const folder = { id: 'f', path: '/new', hostId: 'lab', remoteDir: '~/cases', more: 0 };
    engine.caseViews = [{ ...folder, cases: [{ id: 'c', name: 'case', state: 'waiting' }] }];
    const { service } = await readyClient();
    assert.deepEqual(service.cases(), engine.caseViews);
    const told = new Promise<void>((resolve) => service.onDidChangeCases(resolve));
    engine.putCases({ ...folder, cases: [{ id: 'c', name: 'case', state: 'failed', reason: 'no room' }] });
    await told;
    assert.deepEqual(service.cases(), engine.caseViews);
  });

  it('tell of a disk that refuses, and that it takes what happens again', async () => {
    const problem = { reason: 'ENOSPC', since: '2026-01-01T00:00:00.000Z' };
    engine.saveProblem = problem;
    const { service } = await readyClient();
    assert.deepEqual(service.saveProblem, problem);
    const told = () => new Promise<void>((resolve) => void service.onDidChangeSaveProblem(resolve));
    let next = told();
    engine.noteSaveProblem(undefined);
    await next;
    assert.equal(service.saveProblem, undefined);
    engine.putHosts();
    next = told();
    engine.noteSaveProblem(problem);
    await next;
    assert.deepEqual(service.saveProblem, problem);
  });

  it('are answered after what they brought about was told', async () => {
    const { service } = await readyClient();
    engine.answer = () => {
      engine.put(view('new'));
      return Promise.resolve(view('new'));
    };
    await service.submit({ hostId: 'lab', type: 'job', name: 'new', command: 'true' });
    assert.equal(service.get('new')?.name, 'new');
  });

  it('carry arguments as they are', async () => {
    const { service } = await readyClient();
    engine.answer = () => Promise.resolve(view('a'));
    await service.kill('a', { graceSeconds: 3 });
    await service.pause('a');
    await service.resume('a');
    await service.restart('a');
    await service.restart('a', { whenFree: true });
    await service.startNow('a');
    const share = { operationId: 'a', name: 'a', value: 90 };
    const overload = {
      overloaded: true,
      reasons: [{ code: 'cpu', value: 97, limit: 80, total: 100, shares: [share, { value: 7 }] }],
      memoryFreeMb: 10,
    };
    engine.answer = () => Promise.resolve(overload);
    assert.deepEqual(await service.checkOverload('lab', { gpus: 2 }), overload);
    const spec = { hostId: 'lab', type: 'job', name: 'a', command: 'true', env: { SEED: '7' } };
    engine.answer = () => Promise.resolve(spec);
    assert.deepEqual(await service.spec('a'), spec);
    const use = { port: 80, listening: true, user: 'root' };
    engine.answer = () => Promise.resolve([use]);
    assert.deepEqual(await service.checkPorts('lab', [80], { mayAsk: true }), [use]);
    const process = { machineId: 'm', bootId: 'b', pid: 1, startTicks: '1' };
    const ended = { how: 'gone', text: 'It had ended.' } as const;
    engine.answer = () => Promise.resolve(ended);
    assert.deepEqual(await service.endProcess('lab', process, { graceSeconds: 1 }), ended);
    engine.answer = () => Promise.resolve();
    await service.archive('a');
    service.disconnect('lab');
    await service.connect('lab');
    await service.retryCase('c');
    await service.cancelCase('c');
    assert.deepEqual(engine.calls, [
      ['kill', 'a', { graceSeconds: 3 }],
      ['pause', 'a'],
      ['resume', 'a'],
      ['restart', 'a', {}],
      ['restart', 'a', { whenFree: true }],
      ['startNow', 'a'],
      ['checkOverload', 'lab', { gpus: 2 }],
      ['spec', 'a'],
      ['checkPorts', 'lab', [80], { mayAsk: true }],
      ['endProcess', 'lab', process, { graceSeconds: 1 }],
      ['archive', 'a'],
      ['disconnect', 'lab'],
      ['connect', 'lab'],
      ['retryCase', 'c'],
      ['cancelCase', 'c'],
    ]);
  });

  it('carry a summary of all hosts, and of one', async () => {
    const { service } = await readyClient();
    const summary = summaryOf([eightGpus(), unreachable()], [view('a', { hostId: 'dgx-1' })]);
    engine.answer = () => Promise.resolve(summary);
    assert.deepEqual(await service.summary(), summary);
    await service.summary('dgx-1');
    assert.deepEqual(engine.calls, [
      ['summary', undefined],
      ['summary', 'dgx-1'],
    ]);
  });

  it('carry errors with their codes', async () => {
    const { service } = await readyClient();
    engine.answer = () => Promise.reject(new RemoteOperationsError('HostKeyChanged', 'Another key.'));
    const error: unknown = await service.connect('lab').catch((reason: unknown) => reason);
    assert.ok(error instanceof RemoteOperationsError);
    assert.deepEqual([error.code, error.message], ['HostKeyChanged', 'Another key.']);
    engine.answer = () => Promise.reject(new Error('a bug'));
    await assert.rejects(service.connect('lab'), /^Error: a bug$/);
  });

  it('are cancelled over there', async () => {
    const { service } = await readyClient();
    const abort = new AbortController();
    engine.answer = (signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new RemoteOperationsError('Cancelled', 'Stopped.')));
        abort.abort();
      });
    await assert.rejects(service.sync({}, abort.signal), { code: 'Cancelled', message: 'Stopped.' });
  });

  it('end over there when the client goes', async () => {
    const connection = await readyClient();
    const aborted = new Promise<void>((resolve) => {
      engine.answer = (signal) => {
        signal?.addEventListener('abort', () => resolve());
        connection.end();
        return new Promise(() => undefined);
      };
    });
    await assert.rejects(connection.service.sync(), { code: 'NoAnswer' });
    await aborted;
  });

  it('end at their deadline', async () => {
    const { socket, link } = await bareLink();
    link.rpc.listen();
    await link.rpc.sendRequest('hello', ParameterStructures.byName, {
      protocol: protocolVersion,
      version: '1.0.0',
      token: claim.token,
    });
    engine.answer = () => new Promise(() => undefined);
    await assert.rejects(request(link, 'sync', {}, { deadlineMs: 10, lost: '' }), { code: 'NoAnswer' });
    socket.destroy();
  });

  it('are rejected when the owner goes, and not answered by an engine that is being closed', async () => {
    const { service } = await readyClient();
    engine.answer = () => {
      server.retire();
      setImmediate(() => void server.close());
      return Promise.resolve(report);
    };
    await assert.rejects(service.sync(), { code: 'NoAnswer' });
    await assert.rejects(service.list(), { code: 'NoAnswer' });
  });

  it('of wrong form are refused before they reach the engine', async () => {
    const { link } = await bareLink();
    link.rpc.listen();
    const ask = (method: string, params: object) =>
      link.rpc.sendRequest(method, ParameterStructures.byName, params);
    await assert.rejects(ask('list', {}), /greeting/);
    await ask('hello', { protocol: protocolVersion, version: '1.0.0', token: claim.token });
    await assert.rejects(ask('kill', { id: 7 }), /id: /);
    await assert.rejects(ask('kill', { id: 'a', signal: 9 }), /signal: /);
    await assert.rejects(ask('constructor', {}), /Unhandled method/);
    assert.deepEqual(engine.calls, []);
  });

  describe('may lead to questions', () => {
    const question: Question = {
      kind: 'password',
      name: 'lab',
      address: 'lab:22',
      user: 'ada',
      attempt: 1,
    };
    const asking = (signal = new AbortController().signal) => {
      const answers: (Answer | undefined)[] = [];
      engine.answer = async () => {
        answers.push(await engine.asker?.ask(question, signal));
      };
      return answers;
    };

    it('which the window that asked answers', async () => {
      const other = await readyClient();
      const { service } = await readyClient();
      const asked: Question[] = [];
      onAsk = (one) => Promise.resolve((asked.push(one), { text: 'secret', remember: true }));
      const answers = asking();
      await service.connect('lab');
      assert.deepEqual(asked, [question]);
      assert.deepEqual(answers, [{ text: 'secret', remember: true }]);
      other.end();
    });

    it('which may be cancelled, fail, or be answered in a way that makes no sense', async () => {
      const { service } = await readyClient();
      const answers = asking();
      await service.connect('lab');
      onAsk = () => Promise.reject(new Error('no window'));
      await service.connect('lab');
      onAsk = () => Promise.resolve({ text: 7 } as unknown as Answer);
      await service.connect('lab');
      assert.deepEqual(answers, [undefined, undefined, undefined]);
    });

    it('which are cancelled when the window goes', async () => {
      const one = await readyClient();
      onAsk = () => new Promise(() => one.end());
      const answers = asking();
      await assert.rejects(one.service.connect('lab'), { code: 'NoAnswer' });
      await eventually('the answer is there', () => answers.length === 1);
      assert.deepEqual(answers, [undefined]);
    });

    it('which are taken back', async () => {
      const { service } = await readyClient();
      const abort = new AbortController();
      onAsk = (_question, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(undefined));
          abort.abort();
        });
      const answers = asking(abort.signal);
      await service.connect('lab');
      assert.deepEqual(answers, [undefined]);
    });

    it('whose time does not count', async () => {
      const { link } = await bareLink();
      link.rpc.listen();
      const hello = { protocol: protocolVersion, version: '1.0.0', token: claim.token };
      await link.rpc.sendRequest('hello', ParameterStructures.byName, hello);
      let standing = true;
      let answer: () => void = () => undefined;
      engine.answer = () => new Promise((resolve) => (answer = () => resolve(undefined)));
      let overdue = 0;
      const asked = request(
        link,
        'archive',
        { id: 'a' },
        {
          deadlineMs: 10,
          lost: '',
          quietMs: () => {
            // Answered only once it would long have been given up.
            overdue += 1;
            if (overdue === 3) {
              answer();
            }
            return standing ? 0 : Infinity;
          },
        },
      );
      await asked;
      standing = false;
      engine.answer = () => new Promise(() => undefined);
      await assert.rejects(request(link, 'archive', { id: 'a' }, { deadlineMs: 10, lost: '' }), {
        code: 'NoAnswer',
      });
    });
  });

  it('of somebody without the token are not heard', async () => {
    const token = claim.token;
    claim = { ...claim, token: newToken() };
    assert.equal(
      await connectToOwner(claim, '1.0.0', patience, new AbortController().signal, asker),
      undefined,
    );
    claim = { ...claim, token };
    await readyClient();
  });

  it('of another version are told so', async () => {
    const { accepted, version } = await client('2.0.0');
    assert.deepEqual({ accepted, version }, { accepted: false, version: '1.0.0' });
  });

  it('that never end, end the connection', async () => {
    const { socket, link } = await bareLink();
    socket.write(`Content-Length: ${maxMessageBytes * 4}\r\n\r\n`);
    const block = Buffer.alloc(1024 * 1024, 'x');
    const more = () => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', more);
    more();
    await ended(link);
  });

  it('that make no sense, end the connection', async () => {
    const { socket, link } = await bareLink();
    link.rpc.listen();
    socket.write('Content-Length: 5\r\n\r\n{{{{{');
    await ended(link);
  });

  it('show what is visible as long as the client is there', async () => {
    const one = await readyClient();
    const two = await readyClient();
    one.service.setVisible('tree', true);
    two.service.setVisible('tree', true);
    await Promise.all([one.service.archive('a'), two.service.archive('a')]);
    assert.equal(engine.visible.size, 2);
    one.end();
    two.service.setVisible('tree', false);
    await two.service.archive('a');
    assert.equal(engine.visible.size, 0);
  });

  it('leave a sync and a kill the time for a second look where other machines write the files too', async () => {
    const { service } = await readyClient();
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      for (const [ask, result] of [
        [() => service.sync({}), report],
        [() => service.kill('op-1'), view('op-1')],
      ] as const) {
        let finish: (result: unknown) => void = () => undefined;
        engine.answer = () => new Promise((resolve) => (finish = resolve));
        const calls = engine.calls.length;
        const answered = ask();
        while (engine.calls.length === calls) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        mock.timers.tick(sharedAbsenceConfirmMs + 60_000);
        finish(result);
        await answered;
      }
    } finally {
      mock.timers.reset();
    }
  });
});
