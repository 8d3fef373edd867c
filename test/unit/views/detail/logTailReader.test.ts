import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import type { LogReading } from '../../../../src/engine/operationsService';
import type { HostState, OperationView } from '../../../../src/operations/operationView';
import { LogTailReader } from '../../../../src/views/detail/logTailReader';
import type { LogTail } from '../../../../src/views/detail/protocol';
import { eventually } from '../../../testbed/eventually';
import { view } from '../../windows/scriptedService';

/** A log that grows, on a host whose state a test sets. */
class Host {
  content = Buffer.alloc(0);
  state: HostState = 'connected';
  status: OperationView['status'] = 'running';
  problem: Error | undefined;
  readonly asked: LogReading[] = [];

  get = () => view('op', { status: this.status });
  hosts = () => [{ id: 'lab', name: 'lab', address: 'lab', state: this.state }];
  log = (_id: string, range: LogReading = {}) => {
    this.asked.push(range);
    if (this.problem) {
      return Promise.reject(this.problem);
    }
    const { offset = 0, maxBytes = 1 } = range;
    const from = offset < 0 ? Math.max(0, this.content.length + offset) : offset;
    // As the engine does, it leaves a character that is not whole yet to the next read.
    const text = new StringDecoder('utf8').write(this.content.subarray(from, from + maxBytes));
    const end = from + Buffer.byteLength(text);
    return Promise.resolve({ text, offset: from, end, size: this.content.length });
  };
}

describe('the end of a log on a page', () => {
  let host: Host;
  let told: LogTail[];
  let reader: LogTailReader;

  beforeEach(() => {
    host = new Host();
    told = [];
    reader = new LogTailReader(host, 'op', (tail) => told.push(tail));
  });
  afterEach(() => reader.dispose());

  const write = (text: string | Buffer) => (host.content = Buffer.concat([host.content, Buffer.from(text)]));
  const last = () => {
    const tail = told.at(-1);
    return tail?.state === 'read' ? tail : undefined;
  };
  const readNow = () => reader.read();

  it('is read once it can be seen, and then only what is new', async () => {
    write('one\n');
    reader.setVisible(true);
    await eventually('the log', () => last()?.text === 'one\n');
    write('two\n');
    await readNow();
    assert.equal(last()?.text, 'one\ntwo\n');
    assert.deepEqual(
      host.asked.map(({ offset }) => offset),
      [-48 * 1024, 4],
    );
    const before = told.length;
    await readNow();
    assert.equal(told.length, before);
  });

  it('has the last 200 lines, and says that there is more', async () => {
    write(Array.from({ length: 300 }, (_, n) => `line ${n}\n`).join(''));
    await readNow();
    assert.match(last()?.text ?? '', /^line 100\n/u);
    assert.deepEqual([last()?.isCut, last()?.text.endsWith('line 299\n')], [true, true]);
  });

  it('leaves out the part of a line that it begins with', async () => {
    write(`${'x'.repeat(48 * 1024)}\nlast\n`);
    await readNow();
    assert.deepEqual([last()?.text, last()?.isCut], ['last\n', true]);
  });

  it('goes on behind a character that was not whole, and is read anew where the log began anew or too much was written', async () => {
    const euro = Buffer.from('€\n');
    write('a');
    await readNow();
    write(euro.subarray(0, 1));
    await readNow();
    write(euro.subarray(1));
    await readNow();
    assert.equal(last()?.text, 'a€\n');
    host.content = Buffer.from('b\n');
    await readNow();
    assert.equal(last()?.text, 'b\n');
    write('c\n'.repeat(60_000));
    await readNow();
    assert.equal(last()?.text, 'c\n'.repeat(200));
  });

  it('is never asked of a host that is not connected, but on the user’s word', async () => {
    host.state = 'needs-login';
    reader.setVisible(true);
    assert.deepEqual([told.at(-1), host.asked], [{ state: 'away' }, []]);
    host.problem = new Error('No login.');
    await readNow();
    assert.deepEqual(told.at(-1), { state: 'failed', error: 'No login.' });
    host.problem = undefined;
    host.state = 'connected';
    write('here\n');
    reader.look();
    await eventually('the log', () => last()?.text === 'here\n');
    // The connection may be lost between the look at it and the read.
    assert.deepEqual(
      host.asked.map(({ mayAsk }) => mayAsk),
      [true, false],
    );
  });

  it('is not asked for before there is one, and read when it begins', async () => {
    host.status = 'queued';
    reader.setVisible(true);
    assert.deepEqual([last()?.sizeBytes, host.asked], [0, []]);
    host.status = 'running';
    write('begun\n');
    reader.look();
    await eventually('the log', () => last()?.text === 'begun\n');
  });

  it('keeps what was read when the host goes away', async () => {
    write('one\n');
    await readNow();
    host.problem = new Error('gone');
    await readNow();
    assert.equal(last()?.text, 'one\n');
  });

  it('is read once more after the end, and not again', async () => {
    reader.setVisible(true);
    await eventually('the log', () => last());
    write('bye\n');
    host.status = 'failed';
    reader.look();
    await eventually('the last words', () => last()?.text === 'bye\n');
    const { length } = host.asked;
    reader.look();
    reader.setVisible(true);
    assert.equal(host.asked.length, length);
  });
});
