import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Machine } from '../../src/hosts/machine';
import type { OperationView } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import { kindOf } from './engineSupport';
import { FaultyHost } from './faultsSupport';
import { groupOf, signal } from './scriptsProcesses';

describe('why an operation ended, on a real host', () => {
  const host = new FaultyHost();
  /** Reads of logs, and how many at once. */
  let reads = 0;
  let under = 0;
  let most = 0;
  const counting = (machine: Machine): Machine => {
    const run = machine.run.bind(machine);
    machine.run = async (script, options) => {
      if (kindOf(script) !== 'log') {
        return run(script, options);
      }
      reads += 1;
      under += 1;
      most = Math.max(most, under);
      return run(script, options).finally(() => (under -= 1));
    };
    return machine;
  };

  before(() => host.start());
  after(() => host.stop());
  beforeEach(async () => {
    reads = under = most = 0;
    await host.open({ between: counting });
  });
  afterEach(() => host.close());

  const causeOf = (id: string): Promise<Required<NonNullable<OperationView['cause']>>> =>
    eventually(`why ${id} ended`, async () => {
      await host.look();
      const { title, lines } = host.engine.get(id)?.cause ?? {};
      return title !== undefined && lines !== undefined && { title, lines };
    });
  const causeOfCommand = async (command: string) => causeOf((await host.submit(command)).id);

  it('is a command that is not there', async () => {
    const { title, lines } = await causeOfCommand('trainmodel --epochs 3');
    assert.equal(title, 'The command "trainmodel" was not found');
    assert.match(lines.join('\n'), /trainmodel: (command )?not found/);
  });

  it('is a file that cannot be executed', async () => {
    writeFileSync(host.home('plain.sh'), 'echo hi\n');
    chmodSync(host.home('plain.sh'), 0o644);
    const { title } = await causeOfCommand('"$HOME/plain.sh"');
    assert.equal(title, `"${host.home('plain.sh')}" cannot be executed`);
  });

  it('is memory that ran out', async () => {
    const grow = 'const rows = []; for (;;) rows.push(new Array(1e4).fill(rows.length))';
    const { title } = await causeOfCommand(`'${process.execPath}' --max-old-space-size=20 -e '${grow}'`);
    assert.equal(title, 'Probably: Memory ran out');
    const limited = await causeOfCommand('ulimit -v 100000; dd if=/dev/zero of=/dev/null bs=900M count=1');
    assert.equal(limited.title, 'Memory ran out');
  });

  it('is a port that another program has', async () => {
    const taken = await new Promise<Server>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
    });
    try {
      const { port } = taken.address() as AddressInfo;
      const listen = `require("http").createServer().listen(${port}, "127.0.0.1")`;
      const { title, lines } = await causeOfCommand(`'${process.execPath}' -e '${listen}'`);
      assert.equal(title, `Port ${port} is in use already`);
      assert.match(lines[0] ?? '', /EADDRINUSE/);
    } finally {
      taken.close();
    }
  });

  it('is a kill by somebody, of a part of it or of all', async () => {
    const part = await causeOfCommand('bash -c "kill -9 \\$\\$"; exit $?');
    assert.equal(part.title, 'A process of it was killed (SIGKILL), probably because memory ran out');
    const { id, pid } = await host.running('echo working; sleep 600; true');
    signal(-pid, 'SIGKILL');
    await eventually('the end of the group', () => groupOf(pid).length === 0);
    await host.lookTwice();
    const { title, lines } = await causeOf(id);
    assert.match(title, /^All its processes are gone .*: probably somebody, or the kernel, killed them/);
    assert.deepEqual(lines, ['working']);
  });

  it('is a signal from outside, which is not an exit code', async () => {
    const { id, pid } = await host.running('echo working; sleep 600; true');
    signal(pid, 'SIGTERM');
    await eventually('the end of the group', () => groupOf(pid).length === 0);
    await host.lookTwice();
    assert.equal((await causeOf(id)).title, 'A signal from outside ended it');
  });

  it('is a kill with another list, by the mark that it leaves', async () => {
    const { id, pid } = await host.running('echo working; sleep 600; true');
    writeFileSync(host.runFile(id, 'claim/killed'), '');
    signal(-pid, 'SIGTERM');
    await eventually('the end of the group', () => groupOf(pid).length === 0);
    await host.lookTwice();
    assert.equal((await causeOf(id)).title, 'It was killed with Remote Operations on another computer');
  });

  it('is its time limit', async () => {
    const { id } = await host.engine.submit({
      hostId: 'test',
      type: 'job',
      name: 'long',
      command: 'echo working; sleep 600; true',
      timeoutSeconds: 1,
    });
    const { title, lines } = await causeOf(id);
    assert.equal(title, 'It ran longer than its time limit of 1 s');
    assert.equal(lines[0], 'working');
  });

  it('costs one read for each failure, one after another, and none for what completes or was killed', async () => {
    const { id } = await host.running();
    await host.submit('exit 0');
    await host.engine.kill(id);
    const failing = await Promise.all(Array.from({ length: 5 }, (_, n) => host.submit(`echo ${n}; exit 3`)));
    const causes = await Promise.all(failing.map((view) => causeOf(view.id)));
    assert.deepEqual(causes.map(({ lines }) => lines[0]).sort(), ['0', '1', '2', '3', '4']);
    await host.look();
    assert.deepEqual([reads, most], [5, 1]);
    assert.equal(host.engine.get(id)?.cause?.title, 'Killed from this list');
  });
});
