import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Block, Line } from '../../../src/launchers/frame';
import { dividedAmong, maxPartSize, ProbePart } from '../../../src/launchers/process/probePart';
import { requestLines } from '../../../src/launchers/process/probeRequest';
import { isRemoteOperationsError } from '../../../src/operations/errors';
import { identity, operationAt, server } from '../operations/samples';

const line = (text: string, data = ''): Line => ({ words: text.split(' '), data: Buffer.from(data) });
const block = (lines: Line[], machineId = 'm', bootId = 'b'): Block => ({
  machineId,
  bootId,
  uptimeSeconds: 1,
  lines,
});
const wanted = (...ids: string[]) => new Map(ids.map((id) => [id, `${id} - - - - - -`]));
const textOf = ({ lines }: Block) => lines.map(({ words }) => words.join(' '));

const isBad = (act: () => unknown) =>
  assert.throws(act, (error) => isRemoteOperationsError(error, 'BadAnswer') && /gpu-box/.test(error.message));

describe('ProbePart', () => {
  const full = () => block([line('full 2'), line('op a 1'), line('op b 1')]);

  /** A part whose first answer was understood. */
  const known = (): ProbePart => {
    const part = new ProbePart(3);
    part.request('n1', wanted('a', 'b'));
    part.accept('n1', full(), 'gpu-box');
    return part;
  };

  it('says what it consists of once, and then only asks again', () => {
    const part = new ProbePart(3);
    assert.equal(part.request('n1', wanted('a', 'b')), 'n1 2 3\na - - - - - -\nb - - - - - -\n');
    part.accept('n1', full(), 'gpu-box');
    assert.equal(part.request('n2', wanted('a', 'b')), 'n2 again n1 3\n');
  });

  it('asks again when some need not be asked about any more, and anew for others or with other words', () => {
    assert.equal(known().request('n2', wanted('b')), 'n2 again n1 3\n');
    assert.match(known().request('n2', wanted('a', 'b', 'c')), /^n2 3 3\na/);
    assert.match(known().request('n2', new Map([['a', 'a 5 - - - -']])), /^n2 1 3\na 5/);
  });

  it('drops what nobody asks about when it has become much', () => {
    const many = Array.from({ length: 100 }, (_, at) => `o${at}`);
    const part = new ProbePart(0);
    part.request('n1', wanted(...many));
    part.accept('n1', block([line('full 100'), ...many.map((id) => line(`op ${id} 1`))]), 'gpu-box');
    assert.match(part.request('n2', wanted(...many.slice(0, 80))), /^n2 again/);
    assert.match(part.request('n3', wanted(...many.slice(0, 20))), /^n3 20 0/);
  });

  it('adds what changed to what it knew', () => {
    const part = known();
    part.request('n2', wanted('a', 'b'));
    const merged = part.accept(
      'n2',
      block([
        line('delta 2 n1'),
        line('op b 2'),
        line('ports 0016'),
        line('progress', '=b\n {"epoch":\n 1}\n'),
      ]),
      'gpu-box',
    );
    assert.deepEqual(textOf(merged), ['op a 1', 'op b 2', 'progress b', 'ports 0016']);
    assert.equal(merged.lines[2]?.data.toString(), '{"epoch":\n1}');
    part.request('n3', wanted('a', 'b'));
    const later = part.accept(
      'n3',
      block([line('delta 2 n2'), line('ports 0017'), line('progress', '=b\n')]),
      'gpu-box',
    );
    assert.deepEqual(textOf(later), ['op a 1', 'op b 2', 'progress b', 'ports 0017']);
    assert.equal(later.lines[2]?.data.length, 0);
  });

  it('forgets what it knew when all is told', () => {
    const part = known();
    part.request('n2', wanted('a', 'b'));
    part.accept('n2', block([line('delta 2 n1'), line('ports 0016')]), 'gpu-box');
    part.request('n3', wanted('a', 'b'));
    assert.deepEqual(textOf(part.accept('n3', full(), 'gpu-box')), ['op a 1', 'op b 1']);
  });

  it('refuses an answer that does not fit the question, and then asks anew', () => {
    const misfits: Record<string, Block> = {
      'no kind': block([line('op a 1'), line('op b 1')]),
      'another base': block([line('delta 2 n0')]),
      'another count': block([line('full 3'), line('op a 1'), line('op b 1')]),
      'one left out': block([line('full 2'), line('op a 1')]),
      'one too many': block([line('delta 2 n1'), line('op c 1')]),
      'another one': block([line('full 2'), line('op a 1'), line('op c 1')]),
      'another machine': block([line('delta 2 n1')], 'm2'),
      'another boot': block([line('delta 2 n1')], 'm', 'b2'),
      nothing: block([]),
    };
    for (const [what, misfit] of Object.entries(misfits)) {
      const part = known();
      part.request('n2', wanted('a', 'b'));
      isBad(() => part.accept('n2', misfit, `gpu-box ${what}`));
      assert.match(part.request('n3', wanted('a', 'b')), /^n3 2 3\n/, what);
    }
    const part = new ProbePart(0);
    part.request('n1', wanted('a'));
    isBad(() => part.accept('n1', block([line('delta 1 n0'), line('op a 1')]), 'gpu-box'));
  });

  it('knows after any changes what a whole answer would have told', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const change = fc.record({ id: fc.constantFrom(...ids), state: fc.nat(3), whole: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const truth = new Map(ids.map((id) => [id, 0]));
        const all = () => [...truth].map(([id, state]) => line(`op ${id} ${state}`));
        const part = new ProbePart(0);
        part.request('n0', wanted(...ids));
        part.accept('n0', block([line('full 4'), ...all()]), 'gpu-box');
        changes.forEach(({ id, state, whole }, at) => {
          truth.set(id, state);
          part.request(`n${at + 1}`, wanted(...ids));
          const told = whole
            ? [line('full 4'), ...all()]
            : [line(`delta 4 n${at}`), line(`op ${id} ${state}`)];
          const seen = part.accept(`n${at + 1}`, block(told), 'gpu-box');
          assert.deepEqual(
            textOf(seen),
            all().map(({ words }) => words.join(' ')),
          );
        });
      }),
    );
  });
});

describe('dividedAmong', () => {
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `o${from + at}`);
  const sizes = (shares: Map<ProbePart, Map<string, string>>) => [...shares.values()].map(({ size }) => size);

  const settled = (shares: Map<ProbePart, Map<string, string>>): ProbePart[] =>
    [...shares].map(([part, share]) => {
      part.request('n', share);
      return part;
    });

  it('makes parts of at most 2,000, and keeps each operation where it is', () => {
    const parts = settled(dividedAmong([], wanted(...ids(0, 5000))));
    assert.deepEqual(
      parts.map(({ size }) => size),
      [maxPartSize, maxPartSize, 1000],
    );
    assert.deepEqual(sizes(dividedAmong(parts, wanted(...ids(1, 5000)))), [1999, 2000, 1000]);
    assert.deepEqual(sizes(dividedAmong(parts, wanted(...ids(1, 5002)))), [2000, 2000, 1001]);
  });

  it('joins parts that have become small: each is a round trip', () => {
    const parts = settled(dividedAmong([], wanted(...ids(0, 5000))));
    assert.deepEqual(sizes(dividedAmong(parts, wanted(...ids(4000, 5000)))), [1000]);
  });
});

describe('requestLines', () => {
  it('say after how many seconds of silence an operation is to be told', () => {
    const operation = operationAt('running', { identity });
    const [line = ''] = requestLines([{ operation, detail: false, quietSeconds: 600 }]).values();
    assert.match(line, / - - 600$/);
  });

  it('are plain words, unsaid where the host said something else', () => {
    const running = operationAt('running', { identity });
    const text = (operation = running, detail = false) =>
      requestLines([{ operation, detail }]).get(operation.id);
    assert.equal(text(), `op-1 ${identity.pid} ${identity.startTicks} ${identity.bootId} - - -`);
    assert.equal(text({ ...running, identity: { ...identity, bootId: '$(id)' } })?.split(' ')[3], '-');
    assert.equal(text({ ...running, identity: { ...identity, startTicks: 'a\nb' } })?.split(' ')[2], '-');
    assert.match(text(running, true) ?? '', / log -$/);
    assert.match(text({ ...server('running'), identity }, true) ?? '', / detail -$/);
    const starting = { ...server('starting'), identity };
    assert.match(text(starting) ?? '', new RegExp(` ${starting.spec.port} - -$`));
    for (const id of ['a b', '../x', 'x;y', '', 'ä']) {
      assert.equal(text({ ...running, id }), undefined, id);
    }
  });
});
