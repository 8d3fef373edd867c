import { startControlServer } from '../testbed/controlServer';
import { startProxiedHost } from '../testbed/proxiedHost';

/** What the suite needs around VS Code, and what VS Code is told about it. */
export interface TestEnvironment {
  /** Seen by the tests as `process.env`. */
  env: NodeJS.ProcessEnv;
  settings?: Record<string, unknown>;
  stop(): Promise<void>;
}

/** A real sshd, known to VS Code as the host `box`, and a way for the tests to work its network. */
export async function prepareEnvironment(): Promise<TestEnvironment> {
  const host = await startProxiedHost();
  const control = await startControlServer({
    refuse: () => host.proxy.refuse(),
    restore: () => host.proxy.restore(),
  });
  return {
    env: { TEST_CONTROL_URL: control.url, TEST_HOST_HOME: host.sshd.home },
    settings: {
      'remoteOps.hosts': [{ id: 'box', name: 'Test box', host: 'testhost' }],
      'remoteOps.ssh.configFile': host.sshConfigFile,
      'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
    },
    stop: async () => {
      await control.stop();
      await host.stop();
    },
  };
}
