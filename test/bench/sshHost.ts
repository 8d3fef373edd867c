import { dirname, join } from 'node:path';
import { SshMachine } from '../../src/hosts/connection';
import { localFiles } from '../../src/hosts/localFiles';
import { resolveHost } from '../../src/hosts/sshConfig';
import { loginMeans } from '../testbed/loginMeans';

export interface SshHostOptions {
  hostId: string;
  /** Of the server itself, or of a proxy before it. */
  port: number;
  /** Has the alias `testhost`. */
  sshConfigFile: string;
}

/** A machine reached over SSH as the extension reaches it. The server's key is accepted when first seen. */
export function sshHost({ hostId, port, sshConfigFile }: SshHostOptions): SshMachine {
  const folder = dirname(sshConfigFile);
  const host = { id: hostId, host: 'testhost', port };
  return new SshMachine({
    host,
    resolve: () =>
      resolveHost(host, { ...localFiles, home: folder, user: 'root', env: {}, configFile: sshConfigFile }),
    ...loginMeans({ ask: () => Promise.resolve({ text: '', remember: false }) }),
    ownKnownHostsFile: join(folder, `accepted-${hostId}`),
  });
}
