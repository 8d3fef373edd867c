import { printable } from '../../hosts/destination';
import { RemoteOperationsError } from '../../operations/errors';
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
  const said = printable(line?.data.toString('utf8') ?? '') || 'it said nothing';
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
        `Slurm on ${hostName} does not answer: ${said}. Nothing was ${paused ? 'paused' : 'resumed'}; try again once it does.`,
      );
    case 'other-machine':
      throw new RemoteOperationsError(
        'BadAnswer',
        `Another home directory than before is behind ${hostName}, so nothing was ${paused ? 'paused' : 'resumed'}. Connect to the cluster where the operation was started.`,
      );
    default:
      throw unexpected(hostName);
  }
}

const stateWords: Readonly<Record<string, string>> = { PENDING: 'held', SUSPENDED: 'suspended' };

function seenAs(states: readonly string[], paused: boolean): string {
  const words = paused ? states.map((state) => stateWords[state] ?? 'paused') : ['released'];
  return `${[...new Set(words)].join(' and ')}, as its queue shows`;
}

const mayNot = /permission denied|Invalid user id/i;

/** @param others Whether other tasks of its array are as wished all the same. */
function refusalOf(said: string, others: boolean, hostName: string, paused: boolean): string {
  const rest = others ? ` Its other tasks are ${paused ? 'held' : 'released'}.` : '';
  if (!mayNot.test(said)) {
    return `Slurm on ${hostName} refused it: ${said}.${rest}`;
  }
  const remedy = paused
    ? 'Slurm lets only operators suspend what runs: ask an administrator of the cluster, or kill it and submit it again later.'
    : 'An administrator of the cluster has held or suspended it: ask them to let it go on.';
  return `Slurm on ${hostName} refused it: ${said}. ${remedy}${rest}`;
}
