import * as l10n from '@vscode/l10n';
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
    l10n.t('{0} cannot be reached through {1}: {2}', name, jump.name, error.message),
    { cause: error },
  );
}

export const refusedByJump = ({ name, address }: HostLabel, jump: HostLabel, error: Error) =>
  unreachable(
    l10n.t(
      '{0} cannot be reached through {1}, which does not connect to {2}: {3}. Check the address and AllowTcpForwarding of the sshd on {1}, then retry.',
      name,
      jump.name,
      address,
      printable(error.message),
    ),
    error,
  );

export const proxyCommandNotStarted = ({ name }: HostLabel, error: Error) =>
  unreachable(
    l10n.t(
      '{0} cannot be reached: its ProxyCommand could not be started: {1}. Correct it in the SSH config, then retry.',
      name,
      printable(error.message),
    ),
    error,
  );

export function proxyCommandEnded({ name }: HostLabel, ended: number | string, lastWords: string) {
  const how =
    typeof ended === 'number' ? l10n.t('ended with exit code {0}', ended) : l10n.t('was ended by {0}', ended);
  return unreachable(
    lastWords === ''
      ? l10n.t(
          '{0} cannot be reached: its ProxyCommand {1} and said nothing. Try it in a terminal, then retry.',
          name,
          how,
        )
      : l10n.t(
          '{0} cannot be reached: its ProxyCommand {1} and said "{2}". Try it in a terminal, then retry.',
          name,
          how,
          lastWords,
        ),
  );
}
