import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../testbed/eventually';
import { startGuarded, type GuardedProcess } from '../testbed/guardedProcess';
import { MemorySecrets } from '../testbed/loginMeans';
import { mayAddUsers } from '../testbed/privileges';
import { startSshd, type Sshd } from '../testbed/sshd';
import { addTestUser, type TestUser } from '../testbed/testUser';
import { disposeMachines, failsWith, machineFor, type TestMachineOptions } from './connectionSupport';

const deadlineMs = 20_000;

// Only where sshd can check the password of a user made for this.
if (mayAddUsers) {
  describe('Login with a password', () => {
    let user: TestUser;
    let sshd: Sshd;
    let withKeyFirst: Sshd;
    let agent: GuardedProcess;
    let agentSocket: string;

    const serverFor = async (...config: string[]) => {
      const server = await startSshd({ passwords: true, config });
      // sshd reads the keys as the user that logs in.
      chmodSync(server.folder, 0o711);
      return server;
    };

    before(async () => {
      user = await addTestUser();
      sshd = await serverFor();
      withKeyFirst = await serverFor('AuthenticationMethods publickey,password', 'MaxAuthTries 4');
      agentSocket = path.join(sshd.folder, 'agent');
      agent = startGuarded('ssh-agent', ['-D', '-a', agentSocket]);
      await agent.waitForOutput(/SSH_AUTH_SOCK/, 10_000);
    });
    after(async () => {
      await agent.stop();
      await Promise.all([sshd.stop(), withKeyFirst.stop()]);
      await user.remove();
    });
    afterEach(() => disposeMachines());

    const machineWith = (options: TestMachineOptions = {}, server = sshd) =>
      machineFor({ ...files(server), user: user.name }, { config: ['IdentityFile none'], ...options });
    const files = ({ host, port, knownHostsFile, identityFile }: Sshd) => ({
      host,
      port,
      knownHostsFile,
      identityFile,
    });
    const connectionsTo = (server: Sshd) => server.log().match(/^Connection from/gm)?.length ?? 0;

    it('asks for it while no connection waits, and keeps it for the session', async () => {
      const held: number[] = [];
      const { machine, asked } = machineWith({
        answer: async () => {
          await eventually('the first connection is closed', () => /^Connection closed/m.test(sshd.log()));
          held.push(await sshd.connectionCount());
          return user.password;
        },
      });
      await machine.connect();
      assert.deepEqual(held, [0]);
      assert.deepEqual(asked, [
        {
          kind: 'password',
          name: 'dgx-1',
          address: `127.0.0.1:${sshd.port}`,
          user: user.name,
          attempt: 1,
        },
      ]);
      await machine.run('kill -9 $PPID', { deadlineMs }).catch(() => undefined);
      await machine.run('true', { deadlineMs });
      assert.equal(asked.length, 1);
    });

    it('asks three times, and then only at Connect', async () => {
      const { machine, asked, states } = machineWith({ answer: () => 'wrong' });
      await failsWith(machine.connect(), 'NeedsLogin', /The password was wrong/);
      assert.equal(asked.length, 3);
      const before = connectionsTo(sshd);
      await failsWith(machine.run('true', { deadlineMs }), 'NeedsLogin');
      assert.equal(connectionsTo(sshd), before);
      assert.equal(states.at(-1)?.state, 'needs-login');
      await failsWith(machine.connect(), 'NeedsLogin');
      assert.equal(asked.length, 6);
    });

    it('remembers one only after the host took it, under the user and the address', async () => {
      const secrets = new MemorySecrets();
      const attempts = ['wrong', user.password];
      const { machine } = machineWith({
        secrets,
        answer: () => ({ text: attempts.shift() ?? '', remember: true }),
      });
      await machine.connect();
      assert.deepEqual([...secrets.kept], [[`password ${user.name}@127.0.0.1:${sshd.port}`, user.password]]);
      const next = machineWith({ secrets, unattended: true });
      await next.machine.run('true', { deadlineMs });
    });

    it('tries a remembered one that is wrong once, forgets it and asks anew', async () => {
      const secrets = new MemorySecrets();
      secrets.kept.set(`password ${user.name}@127.0.0.1:${sshd.port}`, 'old');
      const alone = machineWith({ secrets, unattended: true });
      await failsWith(alone.machine.run('true', { deadlineMs }), 'NeedsLogin', /it asks for a password/);
      assert.deepEqual([...secrets.kept], []);
      secrets.kept.set(`password ${user.name}@127.0.0.1:${sshd.port}`, 'old');
      const { machine, asked } = machineWith({ secrets, answer: () => user.password });
      await machine.connect();
      assert.equal(asked.length, 1);
      assert.deepEqual([...secrets.kept], []);
    });

    it('comes after the key where the host wants both', async () => {
      const key = { config: [`IdentityFile ${withKeyFirst.identityFile}`] };
      const { machine, asked } = machineWith({ ...key, answer: () => user.password }, withKeyFirst);
      await machine.connect();
      assert.equal(asked.length, 1);
      assert.match(withKeyFirst.log(), /Partial publickey[\s\S]*Accepted password/);
    });

    it('comes first, or not at all, where PreferredAuthentications says so', async () => {
      const key = `IdentityFile ${sshd.identityFile}`;
      const first = machineWith({
        config: [key, 'PreferredAuthentications password,publickey'],
        answer: () => user.password,
      });
      await first.machine.connect();
      assert.equal(first.asked.length, 1);
      const never = machineWith({
        config: ['IdentityFile none', 'PreferredAuthentications publickey'],
        answer: () => user.password,
      });
      await failsWith(never.machine.connect(), 'NeedsLogin');
      assert.equal(never.asked.length, 0);
    });

    it('comes after a key of the agent, too', async () => {
      execFileSync('ssh-add', ['-q', withKeyFirst.identityFile], {
        env: { ...process.env, SSH_AUTH_SOCK: agentSocket },
        stdio: 'pipe',
      });
      const env = { SSH_AUTH_SOCK: agentSocket };
      const { machine, asked } = machineWith({ env, answer: () => user.password }, withKeyFirst);
      await machine.connect();
      assert.equal(asked.length, 1);
      const wrong = machineWith({ env, answer: () => 'wrong' }, withKeyFirst);
      await failsWith(wrong.machine.connect(), 'NeedsLogin', /The password was wrong/);
    });

    it('appears in no log, whichever way it went', async () => {
      const events = [];
      for (const answer of [user.password, 'a wrong guess', undefined]) {
        const { machine, log, states } = machineWith({ answer: () => answer });
        await machine.connect().catch((error: unknown) => events.push(String(error)));
        await machine.run('true', { deadlineMs }).catch((error: unknown) => events.push(String(error)));
        events.push(...log, ...states.map(({ error }) => error?.message));
      }
      const text = JSON.stringify(events);
      assert.match(text, /connected/);
      assert.ok(!text.includes(JSON.stringify(user.password).slice(1, -1)) && !text.includes('wrong guess'));
    });
  });
}
