import { RemoteOperationsError, isRemoteOperationsError } from '../operations/errors';
import { printable } from './destination';
import type { HostLabel } from './hostErrors';

const unreachable = (message: string, cause?: unknown): RemoteOperationsError =>
  new RemoteOperationsError('Unreachable', message, cause === undefined ? undefined : { cause });

/** The failure of a host on the way, told as that of the host that the user wants. */
export function throughJump({ name }: HostLabel, jump: HostLabel, error: unknown): unknown {
  if (!isRemoteOperationsError(error) || error.code === 'Cancelled') {
    return error;
  }
  return new RemoteOperationsError(
    error.code,
    `${name} cannot be reached through ${jump.name}: ${error.message}`,
    { cause: error },
  );
}

export const refusedByJump = ({ name, address }: HostLabel, jump: HostLabel, error: Error) =>
  unreachable(
    `${name} cannot be reached through ${jump.name}, which does not connect to ${address}: ${printable(error.message)}. Check the address and AllowTcpForwarding of the sshd on ${jump.name}, then retry.`,
    error,
  );

export const proxyCommandNotStarted = ({ name }: HostLabel, error: Error) =>
  unreachable(
    `${name} cannot be reached: its ProxyCommand could not be started: ${printable(error.message)}. Correct it in the SSH config, then retry.`,
    error,
  );

export function proxyCommandEnded({ name }: HostLabel, ended: number | string, lastWords: string) {
  const how = typeof ended === 'number' ? `with exit code ${ended}` : `by ${ended}`;
  const said = lastWords === '' ? 'and said nothing' : `and said "${lastWords}"`;
  return unreachable(
    `${name} cannot be reached: its ProxyCommand ended ${how} ${said}. Try it in a terminal, then retry.`,
  );
}
