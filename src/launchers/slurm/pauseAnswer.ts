import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import { RemoteOperationsError } from '../../operations/errors';
import { andText } from '../../operations/listText';
import { unexpected } from '../answers';
import type { Block } from '../frame';
import type { PauseOutcome } from '../launcher';

/**
 * What pause.sh said.
 *
 * @throws RemoteOperationsError `NoAnswer` when Slurm did not answer, `BadAnswer`
 */
export function readPauseAnswer({ lines: [line] }: Block, hostName: string, paused: boolean): PauseOutcome {
  const [tag, ...more] = line?.words ?? [];
  const said = printable(line?.data.toString('utf8') ?? '') || l10n.t('it said nothing');
  switch (tag) {
    case 'done':
      return { kind: 'done', seen: seenAs(more, paused) };
    case 'look':
      return { kind: 'look' };
    case 'refused':
      return { kind: 'refused', reason: refusalOf(said, more[0] !== '0', hostName, paused) };
    case 'failed':
      throw new RemoteOperationsError(
        'NoAnswer',
        paused
          ? l10n.t(
              'Slurm on {0} does not answer: {1}. Nothing was paused; try again once it does.',
              hostName,
              said,
            )
          : l10n.t(
              'Slurm on {0} does not answer: {1}. Nothing was resumed; try again once it does.',
              hostName,
              said,
            ),
      );
    case 'other-machine':
      throw new RemoteOperationsError(
        'BadAnswer',
        paused
          ? l10n.t(
              'Another home directory than before is behind {0}, so nothing was paused. Connect to the cluster where the operation was started.',
              hostName,
            )
          : l10n.t(
              'Another home directory than before is behind {0}, so nothing was resumed. Connect to the cluster where the operation was started.',
              hostName,
            ),
      );
    default:
      throw unexpected(hostName);
  }
}

function seenAs(states: readonly string[], paused: boolean): string {
  const words = paused ? states.map(stateWord) : [l10n.t('released')];
  return l10n.t('{0}, as its queue shows', andText([...new Set(words)]));
}

function stateWord(state: string): string {
  switch (state) {
    case 'PENDING':
      return l10n.t('held');
    case 'SUSPENDED':
      return l10n.t('suspended');
    default:
      return l10n.t('paused');
  }
}

const mayNot = /permission denied|Invalid user id/i;

/** @param others Whether other tasks of its array are as wished all the same. */
function refusalOf(said: string, others: boolean, hostName: string, paused: boolean): string {
  const sentences = [l10n.t('Slurm on {0} refused it: {1}.', hostName, said)];
  if (mayNot.test(said)) {
    sentences.push(remedy(paused));
  }
  if (others) {
    sentences.push(paused ? l10n.t('Its other tasks are held.') : l10n.t('Its other tasks are released.'));
  }
  return sentences.join(' ');
}

const remedy = (paused: boolean): string =>
  paused
    ? l10n.t(
        'Slurm lets only operators suspend what runs: ask an administrator of the cluster, or kill it and submit it again later.',
      )
    : l10n.t('An administrator of the cluster has held or suspended it: ask them to let it go on.');
