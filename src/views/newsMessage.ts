import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands, viewId } from '../ids';
import { changeOf } from '../operations/applicable';
import { isReported } from '../operations/report';
import { isOursAndRunning } from './counted';
import { isFailure, type News } from './ends';
import { showError, showInformation, showWarning } from './messages';
import { digestText, newsText, type HostNameOf } from './newsText';

/** VS Code hides messages after this long in a window that is looked at. */
const shownMs = 15_000;
/** Errors stay, but Escape hides them too, of which nobody is told: what comes later must not wait for ever. */
const errorShownMs = 60_000;

export interface NewsMessage {
  text: string;
  severity: 'error' | 'warning' | 'information';
  actions: { label: string; run: () => Thenable<unknown> }[];
}

type Known = Pick<OperationsService, 'hosts' | 'operations'>;

export function newsMessage(news: readonly News[], service: Known): NewsMessage {
  return { text: newsText(news, hostNames(service)), severity: severityOf(news), actions: actionsFor(news) };
}

export function digestMessage(news: readonly News[], service: Known): NewsMessage {
  const running = service.operations().filter(isOursAndRunning).length;
  const text = digestText(news, running, hostNames(service));
  return { text, severity: severityOf(news), actions: actionsFor(news) };
}

function hostNames(service: Known): HostNameOf {
  const names = new Map(service.hosts().map(({ id, name }) => [id, name]));
  return (hostId) => names.get(hostId) ?? hostId;
}

function severityOf(news: readonly News[]): NewsMessage['severity'] {
  if (news.some(({ kind, view }) => kind === 'end' && isFailure(view))) {
    return 'error';
  }
  return news.some(({ kind }) => kind === 'stall') ? 'warning' : 'information';
}

function actionsFor(news: readonly News[]): NewsMessage['actions'] {
  const { t } = vscode.l10n;
  const [only] = news;
  if (!only || news.length > 1) {
    const run = () => vscode.commands.executeCommand(`${viewId}.focus`);
    return [{ label: t('Show Operations'), run }];
  }
  const { kind, view } = only;
  const act = (label: string, command: string) => ({
    label,
    run: () => vscode.commands.executeCommand(command, view.id),
  });
  if (isReported(view)) {
    return [act(t('Show Details'), commands.showDetails)];
  }
  const again =
    kind === 'end' && isFailure(view) && changeOf(view) === 'resubmit'
      ? [act(t('Resubmit'), commands.resubmit)]
      : [];
  return [act(t('Show Log'), commands.showLog), ...again];
}

const show = { error: showError, warning: showWarning, information: showInformation };

/** Shows it, and resolves once it is gone from the screen. */
export async function untilGone({ text, severity, actions }: NewsMessage): Promise<void> {
  const labels = actions.map(({ label }) => label);
  const answered = show[severity](text, ...labels).then((answer) => {
    // What goes wrong is told by the command.
    void actions.find(({ label }) => label === answer)?.run();
  });
  await Promise.race([answered, untilHidden(severity === 'error' ? errorShownMs : shownMs)]);
}

async function untilHidden(afterMs: number): Promise<void> {
  do {
    await new Promise((resolve) => setTimeout(resolve, afterMs).unref());
  } while (!vscode.window.state.focused);
}
