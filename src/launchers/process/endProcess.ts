import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import { RemoteOperationsError } from '../../operations/errors';
import type { ProcessIdentity } from '../../operations/operation';
import type { EndedProcess } from '../../operations/portUse';
import { unexpected } from '../answers';
import type { Block } from '../frame';

/** What endProcess.sh reads. */
export const endRequest = (
  { machineId, bootId, pid, startTicks }: ProcessIdentity,
  graceSeconds: number,
): string => [machineId, bootId, pid, startTicks, graceSeconds].join(' ');

/** Takes its answer. @throws `NotApplicable`: it may not be ended from here; `NoAnswer`: it lives on; `BadAnswer` */
export function readEnd({ lines }: Block, hostName: string, pid: number, graceSeconds: number): EndedProcess {
  const { words, data } = lines[0] ?? { words: [], data: Buffer.alloc(0) };
  const [first = ''] = data.toString('utf8').split('\0').map(printable);
  switch (words[0]) {
    case 'dead':
      return words[1] === 'KILL'
        ? {
            how: 'killed',
            text: l10n.t(
              'Process {0} on {1} was killed (KILL): it had not ended {2} seconds after TERM.',
              pid,
              hostName,
              graceSeconds,
            ),
          }
        : { how: 'ended', text: l10n.t('Process {0} on {1} has ended.', pid, hostName) };
    case 'gone':
      return {
        how: 'gone',
        text: l10n.t('Process {0} on {1} had ended before. Nothing was signalled.', pid, hostName),
      };
    case 'other-machine':
      throw refused(
        l10n.t(
          'Another machine answers behind {0} than the one on which process {1} was found, so nothing was signalled. Connect to that one, or look again.',
          hostName,
          pid,
        ),
      );
    case 'other-boot':
      throw refused(
        l10n.t(
          '{0} was restarted since process {1} was found, or another machine with the same id answers, so nothing was signalled. Look again.',
          hostName,
          pid,
        ),
      );
    case 'foreign':
      throw refused(
        l10n.t(
          'Process {0} on {1} belongs to {2}, so nothing was signalled. Ask them to end it, or use another port.',
          pid,
          hostName,
          first || l10n.t('user {0}', words[1] ?? '?'),
        ),
      );
    case 'protected':
      throw refused(
        l10n.t(
          'Process {0} is one by which {1} is reached, so nothing was signalled. End it in a terminal there if you mean it.',
          pid,
          hostName,
        ),
      );
    case 'refused':
      throw refused(
        l10n.t(
          '{0} does not let process {1} be signalled: {2}. Look at it in a terminal there.',
          hostName,
          pid,
          first.replace(/\.?\s*$/, ''),
        ),
      );
    case 'no-proc':
      throw refused(l10n.t('{0} does not show its processes.', hostName));
    case 'alive':
      throw new RemoteOperationsError(
        'NoAnswer',
        l10n.t(
          'Process {0} on {1} survived SIGKILL. It may hang in the kernel (state D): look at it in a terminal.',
          pid,
          hostName,
        ),
      );
    default:
      throw unexpected(hostName);
  }
}

const refused = (message: string): RemoteOperationsError =>
  new RemoteOperationsError('NotApplicable', message);
