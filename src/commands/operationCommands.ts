import * as vscode from 'vscode';
import type { OperationsService, SyncReport } from '../engine/operationsService';
import { canArchive, canKill, onHost } from '../operations/applicable';
import type { OperationView } from '../operations/operationView';
import { isReported } from '../operations/report';
import { isTerminal } from '../operations/status';
import { confirmsKill } from '../settings';
import type { HistoryDocuments } from '../views/historyDocuments';
import { oneLine } from '../views/historyTable';
import { confirm, showInformation, showWarning } from '../views/messages';
import { timeText } from '../views/operationText';
import { forEach } from './forEach';
import { pickOperations } from './pickOperation';
import type { Handlers } from './registerAll';
import { withProgress } from './withProgress';

const mostNameLength = 80;

const isActiveView = ({ status }: OperationView): boolean => !isTerminal(status);
const waitsUntilFree = ({ untilFree }: OperationView): boolean => untilFree === true;

export function operationCommands(service: OperationsService, history: HistoryDocuments): Handlers {
  return {
    sync: () => sync(service),
    kill: async (...args) => {
      const views = await pickOperations(
        service,
        args,
        onHost(canKill),
        vscode.l10n.t('Which operation should be killed?'),
      );
      if (views.length > 0 && (await confirmKill(service, views))) {
        await kill(service, views);
      }
    },
    startNow: async (...args) => {
      const question = vscode.l10n.t('Which operation should start without waiting any longer?');
      const views = await pickOperations(service, args, onHost(waitsUntilFree), question);
      const title =
        views.length === 1
          ? vscode.l10n.t('Starting "{0}"...', views[0]?.name ?? '')
          : vscode.l10n.t('Starting {0} operations...', views.length);
      if (views.length > 0) {
        await forEach(views, title, ({ id }) => service.startNow(id));
      }
    },
    archive: async (...args) => {
      const views = await pickOperations(
        service,
        args,
        canArchive,
        vscode.l10n.t('Which operation should be archived?'),
        { reported: true },
      );
      if (views.length === 0) {
        return;
      }
      const unended = views.filter(isActiveView);
      if (unended.length > 0 && !(await confirmForget(unended))) {
        return;
      }
      const title = vscode.l10n.t('Archiving {0} operations...', views.length);
      await forEach(views, title, ({ id }) => service.archive(id));
    },
    showHistory: async (...args) => {
      const [view] = await pickOperations(
        service,
        args,
        () => true,
        vscode.l10n.t('Whose history should be shown? Search by name, command, host or status'),
        { archived: true, reported: true },
      );
      if (view) {
        await history.show(view);
      }
    },
  };
}

async function sync(service: OperationsService): Promise<SyncReport> {
  const title = vscode.l10n.t('Syncing remote operations...');
  const report = await withProgress({ title, cancellable: true }, (signal) =>
    service.sync({ mayAsk: true }, signal),
  );
  const { checked, synced, unreachable, errors } = report;
  const text = vscode.l10n.t(
    'checked {0}, synced {1}, unreachable {2}, errors {3}',
    checked,
    synced,
    unreachable,
    errors,
  );
  if (unreachable + errors > 0) {
    void showWarning(text);
  } else {
    void showInformation(text);
  }
  return report;
}

/** Nobody here can say how they end: their host is not in the settings any more, or another extension runs them. */
function confirmForget(views: OperationView[]): Promise<boolean> {
  const [first, ...others] = views;
  const question =
    others.length === 0
      ? vscode.l10n.t('Archive "{0}" although it may still run?', first?.name ?? '')
      : vscode.l10n.t('Archive {0} operations although they may still run?', others.length + 1);
  const detail = views.every(isReported)
    ? vscode.l10n.t(
        'Another extension runs it, and nothing is done to it. It is shown again as soon as that extension tells of it.',
      )
    : vscode.l10n.t('The host is not in the settings any more. Nothing is done there.');
  return confirm(question, detail, vscode.l10n.t('Archive'));
}

async function confirmKill(service: OperationsService, views: OperationView[]): Promise<boolean> {
  if (!confirmsKill()) {
    return true;
  }
  const [first] = views as [OperationView];
  const host = service.hosts().find(({ id }) => id === first.hostId)?.name ?? first.hostId;
  const question =
    views.length === 1
      ? vscode.l10n.t('Kill "{0}" on {1}?', first.name, host)
      : vscode.l10n.t('Kill {0} operations?', views.length);
  const detail =
    views.length === 1
      ? vscode.l10n.t(
          'All its processes are asked to end (TERM). Those that have not after 10 seconds are killed (KILL).',
        )
      : vscode.l10n.t(
          'All their processes are asked to end (TERM). Those that have not after 10 seconds are killed (KILL).',
        );
  const yes = vscode.l10n.t('Kill');
  const which = views.length === 1 ? identify(first) : nameSome(views);
  return confirm(question, `${which}\n\n${detail}`, yes);
}

const mostNamed = 5;

function nameSome(views: readonly OperationView[]): string {
  const names = views.slice(0, mostNamed).map(({ name }) => oneLine(name).slice(0, mostNameLength));
  const more = views.length - names.length;
  return [...names, ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])].join('\n');
}

/** Tells namesakes apart. */
function identify({ pid, startedAt, command }: OperationView): string {
  const parts = [
    pid !== undefined && vscode.l10n.t('pid {0}', pid),
    startedAt && vscode.l10n.t('since {0}', timeText(startedAt)),
    command.length > 200 ? `${command.slice(0, 200)}...` : command,
  ];
  return parts.filter(Boolean).join(' · ');
}

async function kill(service: OperationsService, views: OperationView[]): Promise<void> {
  const title =
    views.length === 1
      ? vscode.l10n.t('Killing "{0}"...', views[0]?.name ?? '')
      : vscode.l10n.t('Killing {0} operations...', views.length);
  await forEach(views, title, ({ id }) => service.kill(id));
}
