import type { Client, ClientChannel } from 'ssh2';
import type { ForwardTarget } from './machine';

/** What `ssh -W` says about where the bytes come from. */
const origin = { address: '127.0.0.1', port: 65535 };

/** The connection was lost before the host said anything of the channel. */
export class NoConnection extends Error {}

/** The host refused the channel, for a reason out of RFC 4254, section 5.1. */
export class ForwardRefused extends Error {
  constructor(
    readonly reason: unknown,
    readonly words: Error,
  ) {
    super(words.message);
  }

  /** Its sshd does not forward, or not there; else nothing answered at that address. */
  get isForbidden(): boolean {
    return this.reason === 1;
  }
}

/** A channel to an address as the host sees it. Rejects with `NoConnection`, `ForwardRefused`, the signal's reason. */
export function openDirectChannel(
  client: Client,
  { hostName, port }: ForwardTarget,
  signal: AbortSignal,
): Promise<ClientChannel> {
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
      client.forwardOut(origin.address, origin.port, hostName, port, (error, channel) => {
        if (!waiting) {
          channel?.on('error', () => undefined).destroy();
        } else if (error) {
          // ssh2 gives a reason where the host refused the channel, and none where the connection was lost.
          settle(() =>
            reject('reason' in error ? new ForwardRefused(error.reason, error) : new NoConnection()),
          );
        } else {
          settle(() => resolve(channel));
        }
      });
    } catch (error) {
      settle(() => reject(new NoConnection()));
    }
  });
}
