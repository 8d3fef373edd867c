// A host to operate on without any system package: an SSH server that runs commands on this machine.
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import ssh2, {
  type AuthContext,
  type Connection,
  type ParsedKey,
  type ServerChannel,
  type TcpipRequestInfo,
} from 'ssh2';
import { endProcessesOf } from '../endProcesses';
import { serveSession } from '../serveSession';

export interface DemoHost {
  /** Holds the host `demo`. */
  readonly sshConfigFile: string;
  readonly knownHostsFile: string;
  /** What ends with the host has this home directory in its environment. */
  readonly home: string;
  /** Stops listening, and ends whatever commands left running. */
  stop(): Promise<void>;
}

/** `folder` must be new: it takes the keys, the client's configuration and the host's home. */
export async function startDemoHost(folder: string): Promise<DemoHost> {
  const home = path.join(folder, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const hostKey = generateKey();
  const userKey = generateKey();
  const allowed = parseKey(userKey.public);

  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (connection) => {
    connections.add(connection);
    connection
      .on('authentication', (context) => authenticate(context, allowed))
      .on('session', (accept) => serveSession(accept, home))
      .on('tcpip', forward)
      .on('error', () => connection.end())
      .on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  const files = await writeClientFiles(folder, port, hostKey.public, userKey.private);
  return {
    ...files,
    home,
    stop: async () => {
      connections.forEach((connection) => connection.end());
      server.close();
      await endProcessesOf(home);
    },
  };
}

/** Lets ports of the demo's servers be opened: of this machine alone. */
function forward(
  accept: () => ServerChannel,
  reject: () => void,
  { destIP, destPort }: TcpipRequestInfo,
): void {
  if (!['127.0.0.1', '::1', 'localhost'].includes(destIP)) {
    reject();
    return;
  }
  const socket = connect(destPort, destIP);
  socket.once('error', reject).once('connect', () => {
    socket.off('error', reject);
    const channel = accept();
    socket.on('error', () => channel.destroy()).on('close', () => channel.destroy());
    channel.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(channel).pipe(socket);
  });
}

function generateKey(): { private: string; public: string } {
  return ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
}

function parseKey(text: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) {
    throw parsed;
  }
  return parsed;
}

async function writeClientFiles(folder: string, port: number, hostKey: string, userKey: string) {
  const identityFile = path.join(folder, 'id_demo');
  const knownHostsFile = path.join(folder, 'known_hosts');
  const sshConfigFile = path.join(folder, 'ssh_config');
  await writeFile(identityFile, userKey, { mode: 0o600 });
  await writeFile(knownHostsFile, `[127.0.0.1]:${port} ${hostKey.trim()}\n`);
  const config = [
    'Host demo',
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    '  User demo',
    `  IdentityFile "${identityFile}"`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile "${knownHostsFile}"`,
  ];
  await writeFile(sshConfigFile, `${config.join('\n')}\n`);
  return { sshConfigFile, knownHostsFile };
}

function authenticate(context: AuthContext, allowed: ParsedKey): void {
  if (context.method !== 'publickey' || !context.key.data.equals(allowed.getPublicSSH())) {
    context.reject(['publickey']);
    return;
  }
  // Without a signature the client only asks whether the key would do.
  const { blob, signature, hashAlgo } = context;
  if (!signature || (blob && allowed.verify(blob, signature, hashAlgo) === true)) {
    context.accept();
  } else {
    context.reject();
  }
}
