import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import { type AdoptedOutput, adoptedOutputs, type Operation } from '../../operations/operation';
import { field, refusal, unexpected } from '../answers';
import type { LaunchOutcome } from '../launcher';
import { runRecord } from '../runRecord';
import { identityOf } from './identity';
import type { Send } from './runLog';
import { adoptScript } from './scripts';

const adoptDeadlineMs = 20_000;

/** Takes up a process that was started elsewhere, if it still is the one that was meant and is the user's. */
export async function adopt(send: Send, hostName: string, operation: Operation): Promise<LaunchOutcome> {
  const { id, runsId, adopted } = operation;
  const { identity } = adopted ?? {};
  // Found by its run directory: whoever made that has taken it up, or has not and will.
  if (!identity) {
    return { kind: 'claimed' };
  }
  // Bound to none, it was not sent yet.
  if (identity.machineId !== (operation.machineId ?? identity.machineId)) {
    return { kind: 'other-machine' };
  }
  const block = await send(adoptScript, adoptDeadlineMs, [
    field(id),
    field(identity.machineId),
    field(runsId ?? ''),
    field(identity.bootId),
    field(String(identity.pid)),
    field(identity.startTicks),
    field(runRecord(operation)),
    'complete',
  ]);
  const { words, data } = block.lines[0] ?? { words: [], data: Buffer.alloc(0) };
  switch (words[0]) {
    case 'launched':
      return {
        kind: 'launched',
        identity: identityOf(words.slice(1), hostName),
        adopted: { identity, output: outputOf(block.lines[1]?.words[1]) },
      };
    case 'claimed':
    case 'other-machine':
      return { kind: words[0] };
    case 'refused':
      return {
        kind: 'refused',
        sealed: words[1] === 'sealed',
        ...(words[2] === 'gone' && { hasEnded: true }),
        reason: reasonOf(words[2], printable(data.toString('utf8')), hostName),
      };
    default:
      throw unexpected(hostName);
  }
}

export const outputOf = (word: string | undefined): AdoptedOutput =>
  adoptedOutputs.find((output) => output === word) ?? 'unknown';

function reasonOf(code: string | undefined, detail: string, hostName: string): string {
  switch (code) {
    case 'gone':
      return l10n.t('It had ended on {0} before it was tracked.', hostName);
    case 'other-user':
      return l10n.t('It belongs to another user of {0}: only your own processes can be tracked.', hostName);
    case 'ours':
      return l10n.t(
        'It belongs to an operation that was started with Remote Operations. Look for it in the list.',
      );
    case 'no-proc':
      return l10n.t('{0} does not show its processes.', hostName);
    default:
      return refusal(code, detail, hostName);
  }
}
