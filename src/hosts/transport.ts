import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RemoteOperationsError } from '../operations/errors';
import { connectionFailed, type HostLabel } from './hostErrors';
import type { ResolvedHost } from './sshConfig';

/** What carries the bytes of an SSH connection: a socket, a channel through another host, a program. */
export interface Transport {
  readonly stream: Duplex;
  /** The network address at the other end. Behind a proxy it is not known here. */
  readonly remoteAddress?: string;
  /** Why it ended, where it can say more than that it did. */
  failure?(): RemoteOperationsError | undefined;
  /** Lets go of it once what was written has left, or after a moment. */
  close(): void;
  /** Lets go of it at once. */
  destroy(): void;
}

/** What was written last may never leave, on a dead network. */
export const closeGraceMs = 1000;

/** Rejects with `Unreachable`, or the signal's reason. */
export function openSocket(
  { hostName, port, addressFamily }: ResolvedHost,
  label: HostLabel,
  signal: AbortSignal,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostName, port, noDelay: true, family: addressFamily ?? 0 });
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('connect', onConnect);
      act();
    };
    const give = (reason: Error) =>
      settle(() => {
        socket.on('error', () => undefined).destroy();
        reject(reason);
      });
    const onAbort = () => give(signal.reason as Error);
    const onError = (error: Error) => give(connectionFailed(label, error));
    const onConnect = () => settle(() => resolve(socketTransport(socket)));
    socket.on('error', onError).on('connect', onConnect);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
    }
  });
}

const socketTransport = (socket: Socket): Transport => ({
  stream: socket,
  ...(socket.remoteAddress !== undefined && { remoteAddress: socket.remoteAddress }),
  close: () => {
    socket.destroySoon();
    setTimeout(() => socket.destroy(), closeGraceMs).unref();
  },
  destroy: () => socket.destroy(),
});
