import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startFaultProxy, type FaultProxy } from './faultProxy';
import { startSshd, type Sshd, type SshdOptions } from './sshd';

/** A real sshd behind a proxy that can take the network away, and the files that a user of it would have. */
export interface ProxiedHost {
  readonly sshd: Sshd;
  readonly proxy: FaultProxy;
  /** Has the alias `testhost`; the key is offered to any host. */
  readonly sshConfigFile: string;
  /** Holds the host's key under the proxy's address. */
  readonly knownHostsFile: string;
  stop(): Promise<void>;
}

export async function startProxiedHost(options: SshdOptions = {}): Promise<ProxiedHost> {
  const sshd = await startSshd(options);
  const proxy = await startFaultProxy(sshd);
  const knownHostsFile = path.join(sshd.folder, 'known_hosts_proxy');
  const [, ...key] = (await readFile(sshd.knownHostsFile, 'utf8')).trim().split(' ');
  await writeFile(knownHostsFile, `[${proxy.host}]:${proxy.port} ${key.join(' ')}\n`);
  const sshConfigFile = path.join(sshd.folder, 'ssh_config_proxy');
  const config = [
    'Host testhost',
    `  HostName ${proxy.host}`,
    `  Port ${proxy.port}`,
    'Host *',
    `  User ${sshd.user}`,
    `  IdentityFile "${sshd.identityFile}"`,
  ];
  await writeFile(sshConfigFile, `${config.join('\n')}\n`);
  return {
    sshd,
    proxy,
    sshConfigFile,
    knownHostsFile,
    stop: async () => {
      await proxy.stop();
      await sshd.stop();
    },
  };
}
