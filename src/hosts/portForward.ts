import * as l10n from '@vscode/l10n';
import type { Client, ClientChannel } from 'ssh2';
import { RemoteOperationsError } from '../operations/errors';
import { formatAddress, printable } from './destination';
import { ForwardRefused, NoConnection, openDirectChannel } from './directChannel';
import { notConnected, type HostLabel } from './hostErrors';
import type { ForwardTarget } from './machine';

const loopback = ['127.0.0.1', '::1'] as const;

/**
 * A connection made by the host. Servers that listen on its own IPv6 address only are found, too.
 * @throws RemoteOperationsError `NotApplicable`, `Unreachable`; the signal's reason
 */
export async function openForward(
  { client, label }: { client: Client; label: HostLabel },
  target: ForwardTarget,
  signal: AbortSignal,
): Promise<ClientChannel> {
  try {
    return await openDirectChannel(client, target, signal).catch((error: unknown) => {
      const isRefused = error instanceof ForwardRefused && !error.isForbidden;
      if (isRefused && target.hostName === loopback[0]) {
        return openDirectChannel(client, { ...target, hostName: loopback[1] }, signal);
      }
      throw error;
    });
  } catch (error) {
    if (error instanceof ForwardRefused) {
      throw refused(label, target, error);
    }
    throw error instanceof NoConnection ? notConnected(label) : error;
  }
}

function refused({ name }: HostLabel, { hostName, port }: ForwardTarget, error: ForwardRefused) {
  const isThere = loopback.some((address) => address === hostName);
  const where = isThere ? String(port) : formatAddress(hostName, port);
  const message = error.isForbidden
    ? l10n.t(
        '{0} does not forward connections to port {1}. Ask who looks after it to allow this (AllowTcpForwarding and PermitOpen of its sshd).',
        name,
        where,
      )
    : l10n.t(
        'Nothing answers on port {1} of {0} ({2}). Look at the log whether the server has started, then open the port again.',
        name,
        where,
        printable(error.message),
      );
  return new RemoteOperationsError('NotApplicable', message, { cause: error });
}
