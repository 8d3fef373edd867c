import type { Client, ClientChannel } from 'ssh2';
import { notConnected, type HostLabel } from './hostErrors';
import { refusedByJump } from './proxyErrors';
import type { ResolvedHost } from './sshConfig';
import type { Transport } from './transport';

/** What `ssh -W` says about where the bytes come from. */
const origin = { address: '127.0.0.1', port: 65535 };

/** A channel to the host's SSH port through a host that is connected. Rejects as `openSocket` does. */
export function openForwarded(
  through: { client: Client; label: HostLabel },
  { hostName, port }: ResolvedHost,
  label: HostLabel,
  signal: AbortSignal,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    const settle = (act: () => void) => {
      waiting = false;
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = () => settle(() => reject(signal.reason as Error));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
      return;
    }
    try {
      through.client.forwardOut(origin.address, origin.port, hostName, port, (error, channel) => {
        if (!waiting) {
          channel?.on('error', () => undefined).destroy();
        } else if (error) {
          // ssh2 gives a reason where the host refused the channel, and none where the connection was lost.
          const why = 'reason' in error ? refusedByJump(label, through.label, error) : notConnected(label);
          settle(() => reject(why));
        } else {
          settle(() => resolve(channelTransport(channel)));
        }
      });
    } catch (error) {
      settle(() => reject(notConnected(label)));
    }
  });
}

const channelTransport = (channel: ClientChannel): Transport => ({
  stream: channel,
  close: () => channel.destroy(),
  destroy: () => channel.destroy(),
});
