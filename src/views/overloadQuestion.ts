import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { Overload } from '../operations/overload';
import { reasonWithShares } from '../operations/overloadText';
import type { HostState } from '../operations/operationView';
import type { Draft } from '../operations/spec';
import { startsOnHost } from '../operations/untilFree';
import { choose } from './messages';
import { withoutLinks } from './plainText';

/** When a user wants something to be started. */
export type StartChoice = 'now' | 'when-free' | 'never';

/** What is submitted after that choice. */
export const withChoice = (draft: Draft, choice: StartChoice): Draft =>
  choice === 'when-free' ? { ...draft, startWhenFree: true } : draft;

/** There, an answer would take a login or would not come: the submission itself says so. */
const unasked: ReadonlySet<HostState> = new Set(['disconnected', 'unreachable', 'needs-login', 'blocked']);

/**
 * Asks, before something is started on a user's word, where its host has too much to do already. What Slurm is given
 * runs on another machine than the one that takes it, so that the load of that one says nothing.
 */
export async function askWhenToStart(
  service: OperationsService,
  { hostId, launcher = 'process', name, gpus }: Draft,
): Promise<StartChoice> {
  const host = service.hosts().find(({ id }) => id === hostId);
  if (!host || !startsOnHost(launcher) || unasked.has(host.state)) {
    return 'now';
  }
  const needs = gpus === undefined ? {} : { gpus };
  const overload = await untilCancelled(
    vscode.l10n.t('Checking whether {0} has room for "{1}"...', host.name, name ?? ''),
    // What cannot be told keeps nobody from starting anything.
    service.checkOverload(host.id, needs).catch(() => undefined),
  );
  if (overload === 'cancelled') {
    return 'never';
  }
  return overload?.overloaded ? ask(host.name, overload) : 'now';
}

async function ask(hostName: string, { reasons }: Overload): Promise<StartChoice> {
  const { t } = vscode.l10n;
  const now = t('Submit Anyway');
  const whenFree = t('Queue Until Free');
  const detail = [
    reasons.map(reasonWithShares).join('\n'),
    t('What is queued starts by itself once {0} is free, also after a restart of VS Code.', hostName),
  ];
  const question = t('{0} has much to do already.', hostName);
  const answer = await choose(question, detail.join('\n\n'), now, whenFree);
  return answer === now ? 'now' : answer === whenFree ? 'when-free' : 'never';
}

/** Shows a notification with Cancel while something is found out. */
function untilCancelled<T>(title: string, answer: Promise<T>): Promise<T | 'cancelled'> {
  const location = vscode.ProgressLocation.Notification;
  const shown = vscode.window.withProgress(
    { location, title: withoutLinks(title), cancellable: true },
    (_, token) =>
      Promise.race([
        answer,
        new Promise<'cancelled'>((resolve) => token.onCancellationRequested(() => resolve('cancelled'))),
      ]),
  );
  return Promise.resolve(shown);
}
