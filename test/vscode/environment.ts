import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startControlServer } from '../testbed/controlServer';
import { startFaultProxy } from '../testbed/faultProxy';
import { startSshd } from '../testbed/sshd';

/** What the suite needs around VS Code, and what VS Code is told about it. */
export interface TestEnvironment {
  /** Seen by the tests as `process.env`. */
  env: NodeJS.ProcessEnv;
  settings?: Record<string, unknown>;
  stop(): Promise<void>;
}

/** A real sshd behind a proxy that can take the network away, known to VS Code as the host `box`. */
export async function prepareEnvironment(): Promise<TestEnvironment> {
  const sshd = await startSshd();
  const proxy = await startFaultProxy(sshd);
  const control = await startControlServer({
    refuse: () => proxy.refuse(),
    restore: () => proxy.restore(),
    cut: () => proxy.cut(),
  });
  const knownHostsFile = path.join(sshd.folder, 'known_hosts_proxy');
  const [, ...key] = (await readFile(sshd.knownHostsFile, 'utf8')).trim().split(' ');
  await writeFile(knownHostsFile, `[${proxy.host}]:${proxy.port} ${key.join(' ')}\n`);
  const configFile = path.join(sshd.folder, 'ssh_config_proxy');
  await writeFile(
    configFile,
    [
      'Host testhost',
      `  HostName ${proxy.host}`,
      `  Port ${proxy.port}`,
      `  User ${sshd.user}`,
      `  IdentityFile "${sshd.identityFile}"`,
      '',
    ].join('\n'),
  );
  return {
    env: { TEST_CONTROL_URL: control.url, TEST_HOST_HOME: sshd.home },
    settings: {
      'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
      'remoteOps.ssh.configFile': configFile,
      'remoteOps.ssh.knownHostsFile': knownHostsFile,
    },
    stop: async () => {
      await control.stop();
      await proxy.stop();
      await sshd.stop();
    },
  };
}
