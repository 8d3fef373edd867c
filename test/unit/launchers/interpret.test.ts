import assert from 'node:assert/strict';
import { parseBlock } from '../../../src/launchers/frame';
import { interpret } from '../../../src/launchers/process/interpret';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation } from '../../../src/operations/operation';
import { identity, operationAt, server } from '../operations/samples';

/** The words of an operation that runs as it should, in the order of the line. */
const healthy = {
  present: 'yes',
  exit: '-',
  claim: 'yes',
  machine: 'machine-1',
  boot: 'boot-1',
  pid: '4242',
  ticks: '123400',
  state: 'S',
  nowTicks: '123400',
  members: '-',
  killed: '-',
  ended: '-',
};
type Words = Partial<typeof healthy>;

const goneLeader: Words = { state: '-', nowTicks: '-', members: '0' };
const noIdent: Words = { machine: '-', boot: '-', pid: '-', ticks: '-', state: '-', nowTicks: '-' };

const opLine = (words: Words = {}) => `op op-1 ${Object.values({ ...healthy, ...words }).join(' ')}`;

interface Host {
  machine?: string;
  boot?: string;
  uptime?: string;
  runs?: string;
}

function evidenceOf(
  lines: string[],
  { machine = 'machine-1', boot = 'boot-1', uptime = '2000.5', runs = '-' }: Host = {},
  operation: Operation = operationAt('running', { identity }),
): Evidence {
  const count = lines.filter((line) => !line.startsWith(' ')).length;
  const text = [
    `remote-ops begin n ${machine} ${boot} ${uptime} ${runs}`,
    ...lines,
    `remote-ops end n ${count}`,
    '',
  ];
  const seen = interpret(parseBlock(text.join('\n'), 'n', 'gpu-box'), [operation]).get(operation.id);
  assert.ok(seen);
  return seen;
}

const ofOp = (words: Words, host?: Host, operation?: Operation) =>
  evidenceOf([opLine(words)], host, operation);

const isAmbiguous = (seen: Evidence, reason: RegExp) => {
  assert.equal(seen.kind, 'ambiguous');
  assert.match(seen.reason, reason);
};

describe('interpret: alive', () => {
  it('is a leader with our pid and start time', () => {
    assert.deepEqual(ofOp({}), {
      kind: 'alive',
      identity,
      activity: 'running',
      uptimeSeconds: 2000.5 - 1234,
      by: 'pid and start time',
    });
  });

  it('is any state but dead ones', () => {
    for (const state of ['R', 'S', 'D', 'I', 'W', 'P']) {
      const seen = ofOp({ state });
      assert.equal(seen.kind === 'alive' && seen.activity, 'running', state);
    }
  });

  it('is paused when its leader is stopped or traced', () => {
    for (const state of ['T', 't']) {
      const seen = ofOp({ state });
      assert.equal(seen.kind === 'alive' && seen.activity, 'paused', state);
    }
  });

  it('is a group that outlives its leader', () => {
    const seen = ofOp({ ...goneLeader, members: '2' });
    assert.equal(seen.kind === 'alive' && seen.by, 'its process group');
  });

  it('takes the identity from the run directory: an operation whose answer was lost is found', () => {
    const seen = ofOp({}, {}, operationAt('unconfirmed'));
    assert.deepEqual(seen.kind === 'alive' && seen.identity, identity);
  });

  it('falls back to the stored identity when the run directory is gone', () => {
    const seen = ofOp({ present: 'no', claim: 'no', machine: '-' });
    assert.equal(seen.kind, 'alive');
  });
});

describe('interpret: exited', () => {
  it('is an exit code of this attempt, whatever lives', () => {
    for (const [exit, exitCode] of [
      ['0', 0],
      ['3', 3],
      ['255', 255],
    ] as const) {
      assert.deepEqual(ofOp({ exit }), { kind: 'exited', exitCode, killDelivered: false, identity });
    }
  });

  it('is dated by the uptime of the same boot, and not at all after a restart', () => {
    const ended = ofOp({ exit: '0', ended: '1990.5' });
    assert.equal(ended.kind === 'exited' && ended.endedSecondsAgo, 10);
    const restarted = ofOp({ exit: '0', ended: '1990.5' }, { boot: 'boot-2' });
    assert.ok(restarted.kind === 'exited' && !('endedSecondsAgo' in restarted));
    const undated = ofOp({ exit: '0', ended: 'soon' });
    assert.ok(undated.kind === 'exited' && !('endedSecondsAgo' in undated));
  });

  it('counts on any machine and boot: the run directory is proof enough', () => {
    assert.equal(ofOp({ exit: '0' }, { machine: 'machine-2' }).kind, 'exited');
    assert.equal(ofOp({ exit: '0' }, { boot: 'boot-2', uptime: '-' }).kind, 'exited');
  });

  it('tells whether our kill had been delivered, not whether just any signal had', () => {
    const delivered = (killed: string) => {
      const seen = ofOp({ exit: '143', killed });
      return seen.kind === 'exited' && seen.killDelivered;
    };
    assert.deepEqual([delivered('killed'), delivered('signalled'), delivered('-')], [true, false, false]);
  });

  it('is not an exit code that is none: 300, abc, empty', () => {
    for (const exit of ['300', '256', '999', 'abc', 'bad', '']) {
      assert.equal(ofOp({ exit }).kind, 'alive', exit);
      const gone = ofOp({ ...goneLeader, exit });
      assert.equal(gone.kind, 'absent', exit);
      assert.match(gone.reason, /exit code cannot be read/);
    }
  });
});

describe('interpret: absent', () => {
  it('is a leader gone with its group, and no exit code', () => {
    const seen = ofOp(goneLeader);
    assert.deepEqual(seen, {
      kind: 'absent',
      by: 'vanished',
      reason: 'its processes are gone and left no exit code',
      killDelivered: false,
    });
  });

  it('is a zombie leader, or a pid that now is another process, with a dead group', () => {
    assert.equal(ofOp({ state: 'Z', members: '0' }).kind, 'absent');
    assert.equal(ofOp({ state: 'X', members: '0' }).kind, 'absent');
    assert.equal(ofOp({ nowTicks: '999999', members: '0' }).kind, 'absent');
  });

  it('is another boot of the same machine', () => {
    const seen = ofOp({}, { boot: 'boot-2' });
    assert.ok(seen.kind === 'absent' && seen.by === 'restart');
    assert.match(seen.reason, /restarted/);
  });

  it('tells whether other machines write its run directory too: what they write is seen late', () => {
    const seen = ofOp({ ...goneLeader, present: 'shared' });
    assert.ok(seen.kind === 'absent' && seen.onSharedFiles);
    const restarted = ofOp({ present: 'shared' }, { boot: 'boot-2' });
    assert.ok(restarted.kind === 'absent' && restarted.onSharedFiles);
  });

  it('says that a signal from outside ended it, and whether our kill was delivered', () => {
    const signalled = ofOp({ ...goneLeader, killed: 'signalled' });
    assert.ok(signalled.kind === 'absent' && !signalled.killDelivered && signalled.by === 'signal');
    assert.match(signalled.reason, /signal from outside/);
    const killed = ofOp({ ...goneLeader, killed: 'killed' });
    assert.ok(killed.kind === 'absent' && killed.killDelivered);
  });
});

describe('interpret: not launched, claimed', () => {
  it('is not launched when there is neither claim nor identity', () => {
    assert.equal(ofOp({ ...noIdent, claim: 'no' }, {}, operationAt('unconfirmed')).kind, 'not-launched');
    const missing = ofOp({ ...noIdent, claim: 'no', present: 'no' }, {}, operationAt('submitting'));
    assert.equal(missing.kind, 'not-launched');
  });

  it('is ambiguous on another machine than it was sent to, claimed or not', () => {
    const sent = { ...operationAt('unconfirmed'), machineId: 'machine-1' };
    for (const claim of ['yes', 'no']) {
      isAmbiguous(ofOp({ ...noIdent, claim }, { machine: 'login-2' }, sent), /another machine/);
    }
    assert.equal(ofOp({ ...noIdent, claim: 'no' }, {}, sent).kind, 'not-launched');
  });

  it('is ambiguous when not even the folder of all runs is there: the home directory is another', () => {
    const sent = { ...operationAt('unconfirmed'), machineId: 'machine-1' };
    isAmbiguous(ofOp({ ...noIdent, claim: 'no', present: 'gone' }, {}, sent), /home directory/);
  });

  it('is ambiguous when the folder of all runs is another one: a disk is not mounted', () => {
    const sent = { ...operationAt('unconfirmed'), machineId: 'machine-1', runsId: 'runs-1' };
    const absent = { ...noIdent, claim: 'no' };
    isAmbiguous(ofOp(absent, {}, sent), /home directory/);
    isAmbiguous(ofOp(absent, { runs: 'runs-2' }, sent), /home directory/);
    assert.equal(ofOp(absent, { runs: 'runs-1' }, sent).kind, 'not-launched');
  });

  it('is claimed when the claim is there and the identity is not', () => {
    assert.equal(ofOp(noIdent, {}, operationAt('unconfirmed')).kind, 'claimed');
  });
});

describe('interpret: ambiguous, never absent', () => {
  it('a run directory that holds the identity of another process', () => {
    isAmbiguous(ofOp({ pid: '4243' }), /identity of another process/);
    isAmbiguous(ofOp({ ticks: '1', nowTicks: '1' }), /identity of another process/);
  });

  it('never believes in pid 0 or 1, nor in ids without end', () => {
    for (const words of [{ pid: '1' }, { pid: '0' }, { machine: 'm'.repeat(200) }, { ticks: 'x' }]) {
      assert.notEqual(ofOp(words, {}, operationAt('unconfirmed')).kind, 'alive', JSON.stringify(words));
    }
  });

  it('has no time of end from what is no uptime', () => {
    for (const ended of ['-1e300', '1e300', 'NaN', 'x']) {
      const seen = ofOp({ exit: '0', ended });
      assert.ok(seen.kind === 'exited' && seen.endedSecondsAgo === undefined, ended);
    }
  });

  it('another machine behind the alias', () => {
    isAmbiguous(ofOp(goneLeader, { machine: 'login-2' }), /another machine/);
  });

  it('no /proc: no uptime, no boot id, or no start time when it was launched', () => {
    isAmbiguous(ofOp(goneLeader, { uptime: '-' }), /no \/proc/);
    isAmbiguous(ofOp(goneLeader, { boot: '-' }), /no \/proc/);
    isAmbiguous(ofOp({ ...goneLeader, ticks: '-' }), /no \/proc/);
  });

  it('a run directory that is gone or cannot be read', () => {
    isAmbiguous(ofOp({ ...goneLeader, present: 'no' }), /run directory cannot be read/);
    isAmbiguous(ofOp({ present: 'no' }, { boot: 'boot-2' }), /run directory cannot be read/);
  });

  it('a group whose members do not tell whose they are, or that was not looked at', () => {
    for (const members of ['unproven', '-', '']) {
      isAmbiguous(ofOp({ ...goneLeader, members }), /group/);
    }
  });

  it('an operation that the answer leaves out, or describes in another way', () => {
    isAmbiguous(evidenceOf([]), /left it out/);
    isAmbiguous(evidenceOf([opLine().replace('op-1', 'op-2')]), /left it out/);
    isAmbiguous(evidenceOf([`${opLine()} more`]), /left it out/);
    isAmbiguous(evidenceOf([opLine().split(' ').slice(0, -1).join(' ')]), /left it out/);
  });

  it('an identity that is no identity', () => {
    isAmbiguous(ofOp({ ...goneLeader, ticks: 'x y' }), /left it out/);
  });
});

describe('interpret: progress', () => {
  const hex = (text: string) =>
    ` ${[...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;

  it('comes with a living, an ended and an absent operation', () => {
    const lines = ['progress op-1', hex('{"progress":0.5,"message":"épisode"}')];
    for (const words of [{}, { exit: '0' }, goneLeader]) {
      const seen = evidenceOf([opLine(words), ...lines]);
      assert.ok('progress' in seen, seen.kind);
      assert.deepEqual(seen.progress, { progress: 0.5, message: 'épisode' });
    }
  });

  it('that is half-written leaves the evidence as it is', () => {
    assert.ok(!('progress' in evidenceOf([opLine(), 'progress op-1', hex('{"progress":0.')])));
    assert.ok(!('progress' in evidenceOf([opLine(), 'progress op-1'])));
  });

  it('of another operation is not ours', () => {
    assert.ok(!('progress' in evidenceOf([opLine(), 'progress op-2', hex('{"progress":0.5}')])));
  });
});

describe('interpret: ports', () => {
  const portOpen = (lines: string[], operation: Operation = { ...server('starting'), identity }) => {
    const seen = evidenceOf([opLine(), ...lines], {}, operation);
    assert.equal(seen.kind, 'alive');
    return seen.portOpen;
  };

  it('are open when they are among those that listen', () => {
    assert.equal(portOpen(['ports 0016 1F90 ']), true);
    assert.equal(portOpen(['ports 0016']), false);
  });

  it('are not told where the host shows none at all, or was not asked', () => {
    assert.equal(portOpen(['ports ']), undefined);
    assert.equal(portOpen(['ports zz 12345 1f90']), undefined);
    assert.equal(portOpen([]), undefined);
  });

  it('do not matter to what has none', () => {
    assert.equal(portOpen(['ports 0016'], operationAt('running', { identity })), undefined);
  });
});

describe('interpret: what it writes', () => {
  const hexOf = (text: string) => Buffer.from(text).toString('hex').replace(/../g, ' $&');
  const seen = (lines: string[], operation?: Operation) => evidenceOf([opLine(), ...lines], {}, operation);
  const progressIn = (seenNow: Evidence) => seenNow.kind === 'alive' && seenNow.progress;
  const log = (text: string) => ['log op-1', hexOf(text)];
  const file = (text: string) => ['progress op-1', hexOf(text)];

  it('is progress that its log tells', () => {
    assert.deepEqual(progressIn(seen(log('Epoch 3/10\n'))), { progress: 0.2, epoch: 3, totalEpochs: 10 });
  });

  it('is what it reports rather than what its log tells, unless that is of no use', () => {
    assert.deepEqual(progressIn(seen([...file('{"progress":0.5}'), ...log('Epoch 3/10\n')])), {
      progress: 0.5,
    });
    const broken = progressIn(seen([...file('{"progress":'), ...log('Epoch 3/10\n')]));
    assert.equal(broken && broken.epoch, 3);
  });

  it('changes nothing where its log tells nothing, but for a step that is over', () => {
    const known = (progress: number) => operationAt('running', { identity, progress: { progress } });
    assert.ok(!('progress' in seen(log('Saving\n'), known(0.5))));
    assert.deepEqual(progressIn(seen(log('Saving\n'), known(1))), {});
  });

  it('is read once, however often it is told the same', () => {
    const operation = operationAt('running', { identity });
    const text = ['remote-ops begin n machine-1 boot-1 2000.5 -', opLine(), ...log('Epoch 3/10\n')];
    const block = parseBlock([...text, 'remote-ops end n 2', ''].join('\n'), 'n', 'gpu-box');
    const look = () => interpret(block, [operation]).get(operation.id);
    const first = look();
    for (const line of block.lines) {
      Object.defineProperty(line, 'data', { get: () => assert.fail('read again') });
    }
    assert.deepEqual(look(), first);
  });

  it('is nothing for as long as was asked about, by the uptime of the host', () => {
    const quiet = (...words: string[]) => {
      const told = seen([['quiet', ...words].join(' ')]);
      return told.kind === 'alive' && told.quietSeconds;
    };
    assert.equal(quiet('op-1', '1400'), 600.5);
    assert.equal(quiet('op-2', '1400', 'op-1', '-100'), 2100.5);
    for (const words of [[], ['op-1'], ['op-1', 'x'], ['op-2', '1400'], ['op-1', '1e400']]) {
      assert.equal(quiet(...words), undefined, words.join(' '));
    }
  });
});
