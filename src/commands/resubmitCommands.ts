import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { canRestart, canResubmit, onHost } from '../operations/applicable';
import type { OperationView } from '../operations/operationView';
import { isTerminal } from '../operations/status';
import { startsOnHost } from '../operations/untilFree';
import { confirmsKill } from '../settings';
import { confirm, showInformation } from '../views/messages';
import type { NewOperationForms } from '../views/newOperation/newOperationForms';
import { statusText } from '../views/operationText';
import { askWhenToStart, type StartChoice } from '../views/overloadQuestion';
import type { Settled } from '../views/settled';
import { throwTogether } from './forEach';
import { oneByOne, oneByOneEach } from './oneByOne';
import { pickOperations } from './pickOperation';
import { settlePort } from './ports/portConflict';
import type { Handlers } from './registerAll';
import { start } from './start';
import type { Starting } from './submitCommand';

export function resubmitCommands({ service, forms, onStarted }: Starting): Handlers {
  const inTurn = oneByOne();
  const inTurnOnHost = oneByOneEach();
  const edit = async ({ id }: OperationView) =>
    forms.show({ draft: await service.spec(id) }, vscode.l10n.t('Edit and Resubmit'));
  const again = async (view: OperationView, choice: StartChoice) => {
    const running = service
      .operations()
      .find(({ retryOf, status }) => retryOf === view.id && !isTerminal(status));
    if (running) {
      void showInformation(
        vscode.l10n.t(
          '"{0}" was started again already: attempt {1} is {2}. To run it twice, choose Edit and Resubmit.',
          view.name,
          running.attempt ?? 2,
          statusText(running.shownStatus),
        ),
      );
      return;
    }
    const startWhenFree = choice === 'when-free';
    const restart = () => service.restart(view.id, { whenFree: startWhenFree });
    const begin = (act: Settled['act']) => start(view.name, act, onStarted);
    // While it runs, its port is its own.
    const outcome =
      view.port !== undefined && isTerminal(view.status)
        ? (
            await inTurnOnHost(view.hostId, async () => {
              const draft = { ...(await service.spec(view.id)), startWhenFree };
              const settled = await inTurn(() => settlePort(service, draft, restart));
              return settled && submitted(settled.act, begin);
            })
          )?.outcome
        : begin(restart);
    if ((await outcome) === 'edit') {
      await edit(view);
    }
  };
  return {
    restart: async (...args) => {
      const question = vscode.l10n.t('Which operation should be restarted?');
      const views = await pickOperations(service, args, onHost(canRestart), question);
      if (views.length > 0 && (await confirmRestart(views))) {
        // Whatever the load is: it gives back what it used, and what was killed for it is not to wait then.
        await forAll(views, (view) => again(view, 'now'));
      }
    },
    resubmit: async (...args) => {
      const question = vscode.l10n.t('Which operation should be submitted again?');
      const views = await pickOperations(service, args, onHost(canResubmit), question);
      const choices = await askForEachHost(service, views);
      const choiceOf = ({ hostId, launcher }: OperationView) =>
        (startsOnHost(launcher) && choices.get(hostId)) || 'now';
      const wanted = views.filter((view) => choiceOf(view) !== 'never');
      await forAll(wanted, (view) => again(view, choiceOf(view)));
    },
    editAndResubmit: async (...args) => {
      const question = vscode.l10n.t('Which operation should be edited and submitted again?');
      const [view] = await pickOperations(service, args, () => true, question);
      if (view) {
        await edit(view);
      }
    },
    duplicate: async (...args) => {
      const question = vscode.l10n.t('Which operation should be submitted to another host as well?');
      const [view] = await pickOperations(service, args, () => true, question);
      if (view) {
        await duplicate(service, forms, view);
      }
    },
  };
}

/**
 * Begins, and resolves once it was submitted: who comes next is to be told of its port. What the user does about a
 * failure is waited for by `outcome` only.
 */
function submitted<T>(
  act: Settled['act'],
  begin: (act: Settled['act']) => Promise<T>,
): Promise<{ outcome: Promise<T> }> {
  return new Promise((resolve) => {
    const goOn = () => resolve({ outcome });
    const outcome: Promise<T> = begin(() => act().finally(goOn));
    outcome.then(goOn, goOn);
  });
}

/** One question for all that goes to the same host, one after another. */
async function askForEachHost(
  service: OperationsService,
  views: readonly OperationView[],
): Promise<ReadonlyMap<string, StartChoice>> {
  const choices = new Map<string, StartChoice>();
  for (const { hostId, id } of views.filter(({ launcher }) => startsOnHost(launcher))) {
    if (!choices.has(hostId)) {
      choices.set(hostId, await askWhenToStart(service, await service.spec(id)));
    }
  }
  return choices;
}

/** What goes wrong with one keeps none of the others. */
async function forAll(
  views: readonly OperationView[],
  act: (view: OperationView) => Promise<void>,
): Promise<void> {
  throwTogether(await Promise.allSettled(views.map(act)));
}

async function duplicate(
  service: OperationsService,
  forms: NewOperationForms,
  { id, name, hostId }: OperationView,
): Promise<void> {
  const others = service.hosts().filter((host) => host.id !== hostId);
  const [other] = others;
  if (!other) {
    void showInformation(vscode.l10n.t('There is no other host yet. Add one, then duplicate "{0}".', name));
    return;
  }
  const draft = { ...(await service.spec(id)), hostId: others.length === 1 ? other.id : '' };
  forms.show({ draft }, vscode.l10n.t('Duplicate'));
}

function confirmRestart(views: OperationView[]): Promise<boolean> {
  if (!confirmsKill()) {
    return Promise.resolve(true);
  }
  const question =
    views.length === 1
      ? vscode.l10n.t('Restart "{0}"?', views[0]?.name ?? '')
      : vscode.l10n.t('Restart {0} operations?', views.length);
  const detail = vscode.l10n.t(
    'All its processes are asked to end (TERM), and killed (KILL) if they have not after 10 seconds. Once their end was seen, it is started again from the beginning.',
  );
  return confirm(question, detail, vscode.l10n.t('Restart'));
}
