import type { Client, ClientChannel } from 'ssh2';
import { ForwardRefused, NoConnection, openDirectChannel } from './directChannel';
import { notConnected, type HostLabel } from './hostErrors';
import { refusedByJump } from './proxyErrors';
import type { ResolvedHost } from './sshConfig';
import type { Transport } from './transport';

/** A channel to the host's SSH port through a host that is connected. Rejects as `openSocket` does. */
export async function openForwarded(
  through: { client: Client; label: HostLabel },
  target: Pick<ResolvedHost, 'hostName' | 'port'>,
  label: HostLabel,
  signal: AbortSignal,
): Promise<Transport> {
  try {
    return channelTransport(await openDirectChannel(through.client, target, signal));
  } catch (error) {
    if (error instanceof ForwardRefused) {
      throw refusedByJump(label, through.label, error.words);
    }
    throw error instanceof NoConnection ? notConnected(label) : error;
  }
}

const channelTransport = (channel: ClientChannel): Transport => ({
  stream: channel,
  close: () => channel.destroy(),
  destroy: () => channel.destroy(),
});
