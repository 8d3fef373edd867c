import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import type { LogReading } from '../../../../src/engine/operationsService';
import type { HostState, OperationView } from '../../../../src/operations/operationView';
import { LogTailReader } from '../../../../src/views/detail/logTailReader';
import type { LogTail } from '../../../../src/views/detail/protocol';
import { eventually } from '../../../testbed/eventually';
import { view } from '../../windows/scriptedService';

const neverFires = () => ({ dispose: () => undefined });

/** A log that grows, on a host whose state a test sets. */
class Host {
  content = Buffer.alloc(0);
  state: HostState = 'connected';
  status: OperationView['status'] = 'running';
  problem: Error | undefined;
  readonly asked: LogReading[] = [];
  readonly onDidChange = neverFires;
  readonly onDidChangeHosts = neverFires;

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
    reader = new LogTailReader(host, 'op', (tail) => told.push(tail), { everyMs: 1, retryMs: 1 });
  });
  afterEach(() => reader.dispose());

  const write = (text: string | Buffer) => (host.content = Buffer.concat([host.content, Buffer.from(text)]));
  const last = () => {
    const tail = told.at(-1);
    return tail?.state === 'read' ? tail : undefined;
  };
  const readNow = () => reader.read();

  const shows = (text: string) => eventually(`"${text.slice(0, 20)}"`, () => last()?.text === text);

  it('is read once it can be seen, and then only what is new', async () => {
    write('one\n');
    reader.setVisible(true);
    await shows('one\n');
    write('two\n');
    await shows('one\ntwo\n');
    const offsets = new Set(host.asked.map(({ offset }) => offset));
    assert.deepEqual([...offsets].slice(0, 2), [-48 * 1024, 4]);
    assert.equal(told.filter(({ state }) => state === 'read').length, 2);
  });

  it('is left alone while it cannot be seen', async () => {
    write('one\n');
    reader.setVisible(true);
    await shows('one\n');
    reader.setVisible(false);
    const { length } = host.asked;
    write('two\n');
    reader.look();
    assert.equal(host.asked.length, length);
    reader.setVisible(true);
    await shows('one\ntwo\n');
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
    reader.setVisible(true);
    await shows('a');
    write(euro.subarray(0, 1));
    write(euro.subarray(1));
    await shows('a€\n');
    host.content = Buffer.from('b\n');
    await shows('b\n');
    write('c\n'.repeat(60_000));
    await shows('c\n'.repeat(200));
    assert.equal(last()?.isCut, true);
  });

  it('holds no more of a line without an end than of lines', async () => {
    reader.setVisible(true);
    await shows('');
    write('x'.repeat(100_000));
    await eventually('the end of it', () => last()?.text === 'x'.repeat(48 * 1024));
    assert.equal(last()?.isCut, true);
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
    const [byUser, ...byItself] = host.asked.map(({ mayAsk }) => mayAsk);
    assert.deepEqual([byUser, new Set(byItself)], [true, new Set([false])]);
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

  it('keeps what was read when the host goes away, and goes on when it is back', async () => {
    write('one\n');
    reader.setVisible(true);
    await shows('one\n');
    host.problem = new Error('gone');
    await readNow();
    assert.equal(last()?.text, 'one\n');
    host.problem = undefined;
    write('two\n');
    reader.look();
    await shows('one\ntwo\n');
  });

  it('is read once more after the end, and not again', async () => {
    reader.setVisible(true);
    await shows('');
    write('bye\n');
    host.status = 'failed';
    await shows('bye\n');
    const { length } = host.asked;
    reader.look();
    reader.setVisible(true);
    assert.equal(host.asked.length, length);
  });
});
