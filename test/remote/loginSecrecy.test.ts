import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ChallengeServer } from '../testbed/challengeServer';
import { startSshd } from '../testbed/sshd';
import { engineOver } from '../unit/engine/engineRig';
import { StoreFolder } from '../unit/store/storeSupport';
import { disposeMachines, machineFor, type TestMachine } from './connectionSupport';

/** What a user types and what is handed to an operation; each must be used, and none be told. */
const secrets = { typed: 'typed-Jf83kd', environment: 'environment-Pq02ns' };

describe('What is secret', () => {
  let folder: StoreFolder;
  beforeEach(() => (folder = new StoreFolder()));
  afterEach(() => {
    disposeMachines();
    folder.dispose();
  });

  /** Starts something through the engine and returns all that was logged or shown on the way. */
  async function toldBy({ machine, log, states }: TestMachine, succeeds: boolean): Promise<string> {
    const rig = engineOver(await folder.open(), [machine]);
    const spec = { hostId: 'test', type: 'program', name: 'secretive', command: 'true' } as const;
    const view = await rig.engine.submit({ ...spec, env: { TOKEN: secrets.environment } });
    assert.equal(view.status !== 'failed', succeeds, view.error);
    await rig.engine.sync();
    const { command, ...shown } = rig.engine.get(view.id) ?? view;
    const history = await rig.engine.history(view.id);
    await rig.engine.dispose();
    const errors = states.map(({ error }) => error?.message);
    return JSON.stringify([rig.logged, log, errors, shown, history, command]);
  }

  function isKept(told: string, ...more: string[]): void {
    assert.ok(told.length > 500);
    for (const secret of [...Object.values(secrets), ...more]) {
      assert.ok(secret.length > 10 && !told.includes(secret), secret);
    }
  }

  it('is in no log after a login with a key and its passphrase, right or wrong', async () => {
    const sshd = await startSshd();
    const material = readFileSync(sshd.identityFile, 'utf8').split('\n')[1] ?? '';
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', secrets.typed, '-f', sshd.identityFile]);
    const locked = readFileSync(sshd.identityFile, 'utf8').split('\n')[3] ?? '';
    try {
      isKept(await toldBy(machineFor(sshd, { answer: () => secrets.typed }), true), material, locked);
      isKept(await toldBy(machineFor(sshd, { answer: () => `${secrets.typed}!` }), false), locked);
    } finally {
      disposeMachines();
      await sshd.stop();
    }
  });

  it('is in no log after a login with answers, right or wrong', async () => {
    const server = await ChallengeServer.start({
      challenge: ([round]) =>
        !round
          ? { prompts: [{ prompt: 'Code', echo: true }] }
          : round[0] === secrets.typed
            ? 'accept'
            : 'refuse',
    });
    try {
      isKept(await toldBy(machineFor(server, { answer: () => secrets.typed }), true));
      isKept(await toldBy(machineFor(server, { answer: () => `${secrets.typed}!` }), false));
    } finally {
      disposeMachines();
      await server.stop();
    }
  });
});
