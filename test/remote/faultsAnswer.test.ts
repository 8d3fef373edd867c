import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { syncUntil } from './engineSupport';
import { FaultyHost } from './faultsSupport';
import { groupOf, isAlive, signal } from './scriptsProcesses';

/** Takes each line of the answer in hand, as the file `line` says at that moment. */
const mangling = (folder: string) => `
exec 5<&0
exec 3< <(exec /bin/sh -c "$SSH_ORIGINAL_COMMAND" <&5 2>/dev/null)
exec 5<&-
while IFS= read -r line <&3; do . ${folder}/line; done
`;
const pass = 'printf "%s\\n" "$line"';
const on = (pattern: string, act: string) => `case $line in ${pattern}) ${act} ;; esac\n${pass}`;

/** What can become of an answer behind the encryption. Where it has no end, the session ends instead. */
const spoilt: Record<string, string> = {
  'cut in mid-block, in the middle of a line': on(
    '"op "*|launched*|dead*',
    'printf %s "${line%????????????}"; exit 0',
  ),
  'truncated at a line boundary': on('"remote-ops end "*', 'exit 0'),
  'with a line left out': on('"op "*|launched*|dead*', 'continue'),
  'with another nonce': on('"remote-ops begin "*', 'line="remote-ops begin 0000 ${line#* * * }"'),
  'of an earlier request, nonce and all': on(
    '"remote-ops begin "*|"remote-ops end "*',
    'head=${line#* * * }; line="${line%% $head}"; printf "%s\\n" "${line% *} 0000 $head"; [[ $line = *end* ]] && exit 0; continue',
  ),
  'with a count that is wrong': on('"remote-ops end "*', 'line="${line% *} $((${line##* } + 1))"'),
  empty: 'exit 0',
};

describe('an engine whose host answers wrongly', () => {
  const host = new FaultyHost();
  before(() => host.start());
  after(() => host.stop());
  beforeEach(async () => {
    await host.open();
    host.put('line', pass);
    host.door(mangling(path.dirname(host.doorFile('line'))));
  });
  afterEach(() => host.close());

  for (const [what, line] of Object.entries(spoilt)) {
    it(`an answer ${what}: no status changes, whatever is the matter there`, async () => {
      const [alive, dead] = [await host.running(), await host.running()];
      await host.look();
      signal(-dead.pid, 'SIGKILL');
      await eventually('its end', () => groupOf(dead.pid).length === 0);
      host.put('line', line);
      await host.lookTwice();
      await host.lookTwice();
      for (const { id } of [alive, dead]) {
        assert.equal(host.state(id), 'running, stale', host.reason(id));
      }
      host.put('line', pass);
      await host.lookTwice();
      assert.equal(host.state(alive.id), 'running, fresh');
      assert.ok(isAlive(alive.pid));
      assert.equal(host.state(dead.id), 'stopped, fresh');
    });
  }

  it('a spoilt answer to a launch: unconfirmed, then found; executed once', async () => {
    await host.running();
    for (const [what, line] of Object.entries(spoilt)) {
      host.put('line', line);
      const { id, status } = await host.submit();
      assert.equal(status, 'unconfirmed', what);
      host.put('line', pass);
      const { pid = 0 } = await syncUntil(host.rig, id, 'running');
      await eventually('the command to run', () => host.executions(id) > 0);
      assert.equal(host.executions(id), 1, what);
      assert.ok(isAlive(pid));
    }
  });

  it('a spoilt answer to a kill: stopping, until the death was seen', async () => {
    for (const [what, line] of Object.entries(spoilt)) {
      const { id, pid } = await host.running();
      host.put('line', line);
      await assert.rejects(host.engine.kill(id));
      assert.equal(host.engine.get(id)?.status, 'stopping', what);
      host.put('line', pass);
      await host.lookTwice();
      await syncUntil(host.rig, id, 'cancelled');
      assert.deepEqual(groupOf(pid), [], what);
    }
  });

  it('a slow answer that was true before a kill changes nothing after it', async () => {
    const { id, pid } = await host.running();
    await host.look();
    const wait = `touch ${host.doorFile('held')}; until [ -e ${host.doorFile('go')} ]; do sleep 0.02; done`;
    host.put('line', on('"remote-ops end "*', wait));
    const slow = host.look();
    await eventually('the answer', () => existsSync(host.doorFile('held')));
    host.put('line', pass);
    assert.equal((await host.engine.kill(id)).status, 'cancelled');
    host.put('go', '');
    await slow;
    await host.look();
    assert.equal(host.state(id), 'cancelled, fresh');
    assert.equal(await host.statuses(id), 'submitting, running, stopping, cancelled');
    assert.deepEqual(groupOf(pid), []);
  });
});

const greeting = 'echo Welcome to the cluster; echo "remote-ops begin 0 m b 1"; printf "no newline"';

/** What a user's shell reads when it starts, and how sshd starts that shell. */
const noisyHosts: { name: string; startFile: string; text: string; shell: string }[] = [
  { name: 'bash, which prints on start', startFile: '.bashrc', text: greeting, shell: 'bash' },
  {
    name: 'fish, which prints on start',
    startFile: '.config/fish/config.fish',
    text: greeting,
    shell: 'fish',
  },
  { name: 'csh, which prints on start', startFile: '.cshrc', text: greeting, shell: 'csh' },
];

describe('an engine whose host talks out of turn', () => {
  const host = new FaultyHost();
  let banner: string;
  before(async () => {
    banner = path.join(mkdtempSync(path.join(tmpdir(), 'remote-operations-banner-')), 'banner');
    writeFileSync(banner, 'Authorised users only.\nremote-ops begin 0 m b 1\nremote-ops end 0 0\n');
    await host.start({ config: [`Banner ${banner}`] });
  });
  after(async () => {
    await host.stop();
    rmSync(path.dirname(banner), { recursive: true });
  });
  beforeEach(() => host.open());
  afterEach(() => host.close());

  const wholeLife = async () => {
    const [ended, killed] = [await host.running('exit 4'), await host.running()];
    await syncUntil(host.rig, ended.id, 'failed');
    assert.equal(host.engine.get(ended.id)?.exitCode, 4);
    assert.equal(host.state(killed.id), 'running, fresh');
    assert.ok(isAlive(killed.pid));
    assert.equal((await host.engine.kill(killed.id)).status, 'cancelled');
    assert.deepEqual(groupOf(killed.pid), []);
    assert.deepEqual([host.executions(ended.id), host.executions(killed.id)], [1, 1]);
  };

  it('a banner, and a message of the day before the block: as without', async () => {
    host.door(`${greeting}\nexec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`);
    await wholeLife();
  });

  for (const { name, startFile, text, shell } of noisyHosts) {
    it(`a login shell ${name}: as with any other`, async () => {
      const file = host.home(startFile);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${text}\n`);
      host.door(`exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`);
      try {
        await wholeLife();
      } finally {
        rmSync(file);
      }
    });
  }
});

describe('an engine whose host keeps odd files', () => {
  const host = new FaultyHost();
  before(() => host.start());
  after(() => host.stop());
  beforeEach(() => host.open());
  afterEach(() => host.close());

  for (const text of ['', 'abc\n', '300\n']) {
    it(`an exit code file with ${JSON.stringify(text)}: none while it lives, stopped once it is gone, failed by a real one`, async () => {
      const { id, pid } = await host.running();
      writeFileSync(host.runFile(id, 'exit_code'), text);
      await host.lookTwice();
      assert.equal(host.state(id), 'running, fresh');
      signal(-pid, 'SIGKILL');
      await eventually('its end', () => groupOf(pid).length === 0);
      await host.lookTwice();
      assert.equal(host.state(id), 'stopped, fresh');
      assert.match(host.engine.get(id)?.error ?? '', /exit code cannot be read/);
      writeFileSync(host.runFile(id, 'exit_code'), '3\n');
      await host.engine.sync();
      assert.equal(host.state(id), 'failed, fresh');
      assert.equal(host.engine.get(id)?.exitCode, 3);
    });
  }

  it('an exit code that comes 45 seconds late: stopped meanwhile, then what it says', async () => {
    const { id, pid } = await host.running();
    signal(-pid, 'SIGKILL');
    await eventually('its end', () => groupOf(pid).length === 0);
    await host.lookTwice();
    assert.equal(host.state(id), 'stopped, fresh');
    await host.rig.clock.advance(35_000);
    writeFileSync(host.runFile(id, 'exit_code'), '0\n');
    await host.engine.sync();
    assert.equal(host.state(id), 'completed, fresh');
    assert.equal(await host.statuses(id), 'submitting, running, stopped, completed');
  });

  it('progress half written, or of a gigabyte: running as before, with the progress of before, for little', async () => {
    const { id, pid } = await host.running();
    host.engine.setVisible('tree', true);
    const file = host.runFile(id, 'progress.json');
    writeFileSync(file, '{"progress":0.5,"message":"half"}');
    await host.look();
    assert.equal(host.engine.get(id)?.progress, 0.5);
    writeFileSync(file, '{"progress":0.75,"mess');
    await host.look();
    truncateSync(file, 2 ** 30);
    const before = host.proxy.bytes();
    await host.look();
    assert.ok(host.proxy.bytes() - before < 10_000);
    assert.equal(host.state(id), 'running, fresh');
    assert.equal(host.engine.get(id)?.progress, 0.5);
    assert.ok(isAlive(pid));
  });
});
