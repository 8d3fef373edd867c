// What `ssh` does in a terminal, we do: over the same config, with the same known_hosts, against real sshds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { localFiles } from '../../src/hosts/localFiles';
import { resolveHost, type ResolveOptions } from '../../src/hosts/sshConfig';
import { askSsh } from '../../src/hosts/sshProgram';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { freePort } from '../testbed/freePort';
import { startGuarded, type GuardedProcess } from '../testbed/guardedProcess';
import { generateKey, startSshd } from '../testbed/sshd';
import { disposeMachines } from './connectionSupport';
import { cases, records, type Case, type Place } from './sshAgreementCases';
import { outcomeBySsh, outcomeByUs } from './sshOutcomes';

const algorithms = [
  'KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256',
  'HostKeyAlgorithms ssh-ed25519,rsa-sha2-512',
  'Ciphers aes128-ctr,aes128-gcm@openssh.com',
  'MACs hmac-sha2-256',
];

describe('ssh and this extension agree on', () => {
  let place: Place;
  let agent: GuardedProcess;
  let silent: Server;

  before(async () => {
    const [target, gate, middle] = await Promise.all([startSshd(), startSshd(), startSshd()]);
    const folder = mkdtempSync(path.join(tmpdir(), 'remote-operations-agreement-'));
    const wrongKey = path.join(folder, 'wrong_key');
    const agentSocket = path.join(folder, 'agent');
    await generateKey(wrongKey);
    copyFileSync(`${target.identityFile}.pub`, path.join(folder, 'public_only.pub'));
    copyFileSync(
      target.identityFile,
      path.join(folder, `dgx-127.0.0.1-${target.port}-${userInfo().username}-100%`),
    );
    agent = startGuarded('ssh-agent', ['-D', '-a', agentSocket]);
    await agent.waitForOutput(/SSH_AUTH_SOCK/, 10_000);
    for (const key of [wrongKey, target.identityFile]) {
      execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket } });
    }
    silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const silentPort = (silent.address() as AddressInfo).port;
    const closedPort = await freePort();
    place = { target, gate, middle, wrongKey, folder, agentSocket, silentPort, closedPort };
  });
  after(async () => {
    silent.close();
    await agent.stop();
    await Promise.all([place.target, place.gate, place.middle].map((sshd) => sshd.stop()));
    rmSync(place.folder, { recursive: true, force: true });
  });
  afterEach(() => disposeMachines());

  const prepare = ({ config, knownHosts = records, withAgent }: Case) => {
    const configFile = path.join(place.folder, 'config');
    const knownHostsFile = path.join(place.folder, 'known_hosts');
    const common = [
      'Host *',
      `UserKnownHostsFile ${knownHostsFile}`,
      'GlobalKnownHostsFile none',
      'UpdateHostKeys no',
      'IdentityFile none',
      'ServerAliveCountMax 5',
      // What ssh names here where the config does not.
      ...algorithms,
    ];
    writeFileSync(configFile, `${[...config(place), ...common].join('\n')}\n`);
    const env = { KEYS: place.folder, ...(withAgent && { SSH_AUTH_SOCK: place.agentSocket }) };
    const known = knownHosts(place);
    /** Each begins with what is known: `ssh` adds to the file. */
    const reset = () => writeFileSync(knownHostsFile, known);
    return { configFile, env, reset };
  };

  for (const example of cases) {
    it(`${example.title}: ${example.outcome}`, async () => {
      const { configFile, env, reset } = prepare(example);
      reset();
      const theirs = await outcomeBySsh(configFile, env);
      reset();
      const ours = await outcomeByUs(configFile, env);
      assert.deepEqual({ theirs, ours }, { theirs: example.outcome, ours: example.outcome });
    });
  }

  it('how these configs are read, where there is no ssh to ask', async () => {
    for (const example of cases.filter(({ needsSsh }) => !needsSsh)) {
      const { configFile, env } = prepare(example);
      const source = { ...localFiles, home: place.folder, user: userInfo().username, env, configFile };
      const resolve = (options: ResolveOptions) =>
        resolveHost({ id: 'dgx', host: 'dgx' }, options).catch((error: unknown) => {
          assert.ok(isRemoteOperationsError(error, 'InvalidInput'), String(error));
          return 'refused';
        });
      assert.deepEqual(await resolve(source), await resolve({ ...source, askSsh }), example.title);
    }
  });
});
