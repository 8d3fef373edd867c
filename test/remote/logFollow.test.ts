import assert from 'node:assert/strict';
import { appendFileSync, existsSync, truncateSync, writeFileSync } from 'node:fs';
import { isTerminal } from '../../src/operations/status';
import { LogFollower, type FollowState } from '../../src/views/logs/logFollower';
import { eventually } from '../testbed/eventually';
import type { Rig } from '../unit/engine/engineRig';
import { EngineHost } from './engineSupport';

const gigabytes = 1024 ** 3;
/** What od makes of a byte, and what an answer has around it. */
const onTheWire = (bytes: number) => bytes * 3.2 + 2_000;

describe('a log that is followed', () => {
  let here: EngineHost;
  let rig: Rig;
  let id: string;
  let follower: LogFollower | undefined;
  /** What was told, one after the other. */
  let told: string[];
  let states: FollowState[];

  beforeEach(async () => {
    here = new EngineHost();
    rig = await here.open();
    ({ id } = await rig.engine.submit({
      hostId: 'here',
      type: 'job',
      name: 'writer',
      command: 'while [ ! -e "$HOME/go" ]; do sleep 0.1; done; echo last words; exit 3',
    }));
    await eventually('its log', () => existsSync(log()));
    told = [];
    states = [];
  });
  afterEach(async () => {
    follower?.dispose();
    await here.dispose();
  });

  const log = () => here.host.file({ id }, 'log');
  const follow = (end: number) => {
    follower = new LogFollower(
      rig.engine,
      id,
      end,
      {
        onText: ({ text }) => told.push(text),
        onGap: ({ text }) => told.push(`gap: ${text.slice(-20)}`),
        onReplaced: ({ text }) => told.push(`replaced: ${text}`),
        onState: (state) => states.push(state),
      },
      { everyMs: 20, retryMs: 50 },
    );
  };
  const untilTold = (text: string) => eventually(`"${text}"`, () => told.join('').includes(text));

  it('opens at its end within what is shown of it, however large it is', async () => {
    truncateSync(log(), 5 * gigabytes);
    appendFileSync(log(), '\nthe end\n');
    here.machine.keepOutput();
    const { text, offset, end, size } = await rig.engine.log(id);
    assert.ok(text.endsWith('\nthe end\n'));
    assert.deepEqual([offset, end, size], [size - 256 * 1024, size, 5 * gigabytes + 9]);
    assert.equal(here.machine.count('log'), 1);
    assert.ok(here.machine.output.length < onTheWire(256 * 1024), `${here.machine.output.length} bytes`);
  });

  it('brings what is appended and nothing else, byte for byte', async () => {
    truncateSync(log(), 5 * gigabytes);
    follow(5 * gigabytes);
    here.machine.keepOutput();
    appendFileSync(log(), 'one 日');
    await untilTold('one 日');
    appendFileSync(log(), Buffer.from('本').subarray(0, 1));
    appendFileSync(log(), Buffer.concat([Buffer.from('本').subarray(1), Buffer.from('\rtwo\n')]));
    await untilTold('two');
    assert.equal(told.join(''), 'one 日本\rtwo\n');
    const reads = here.machine.count('log');
    assert.ok(
      here.machine.output.length < reads * 400,
      `${here.machine.output.length} bytes in ${reads} reads`,
    );
  });

  it('skips what is written faster than it can be read', async () => {
    follow(0);
    truncateSync(log(), 2 * gigabytes);
    appendFileSync(log(), 'now here');
    await untilTold('now here');
    assert.match(told.join(''), /^gap: \0*now here$/);
  });

  it('begins anew where the log was emptied or replaced', async () => {
    writeFileSync(log(), 'much that was there before');
    follow(26);
    writeFileSync(log(), 'fresh');
    await untilTold('replaced: fresh');
    appendFileSync(log(), ' and more');
    await untilTold(' and more');
    assert.deepEqual(told, ['replaced: fresh', ' and more']);
  });

  it('says that its host is away, and goes on where it was once that is back', async () => {
    follow(0);
    here.machine.break('unreachable', 'log');
    await eventually('away', () => states.length > 0);
    appendFileSync(log(), 'meanwhile');
    here.machine.break(undefined, 'log');
    await untilTold('meanwhile');
    assert.deepEqual(
      states.map(({ kind }) => kind),
      ['away', 'live'],
    );
    assert.match(states[0]?.kind === 'away' ? states[0].problem : '', /refused the connection/);
  });

  it('asks nobody for a login', async () => {
    follow(0);
    const reads = here.machine.count('log');
    await eventually('two reads', () => here.machine.count('log') > reads + 1);
    assert.deepEqual(rig.hosts.permits, []);
  });

  it('has its last words, says how it ended, and is left alone then', async () => {
    follow(0);
    writeFileSync(`${here.host.home}/go`, '');
    await eventually('its end', async () => {
      const [view] = await rig.engine.list();
      return view && isTerminal(view.status);
    });
    await eventually('ended', () => states.at(-1)?.kind === 'ended');
    assert.deepEqual(told, ['last words\n']);
    const [last] = states.slice(-1);
    assert.equal(last?.kind === 'ended' && last.view.exitCode, 3);
    const reads = here.machine.count('log');
    // Another look at the host comes after any read that was still planned.
    await rig.engine.list();
    assert.equal(here.machine.count('log'), reads);
  });
});
