import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { isUnverified } from '../../operations/knowledge';
import type { OperationView } from '../../operations/operationView';
import { isTerminal } from '../../operations/status';
import { isFailure } from '../ends';
import { oneLine } from '../historyTable';
import type { TerminalLog } from '../logs/terminalLog';
import { newsKey } from '../newsText';
import { knowledgeText, statusDetail, statusText } from '../operationText';
import { untilExplained } from '../untilExplained';
import { exitCodeOf, failureCode, hasBegun, neverRan, toldState } from './taskEnd';

export interface TaskWatchOptions {
  hostName: string;
  /** How long the end of the log is waited for after the end of the operation. */
  lastWordsMs: number;
  /** The end of the operation is seen, and not told yet. */
  onLast: () => void;
  /** All is told but this. */
  onEnd: (exitCode: number, text: string) => void;
}

/** Watches the operation of a task for its terminal: says what becomes of it, and shows its log up to the last byte. */
export class TaskWatch implements vscode.Disposable {
  readonly #viewName: string;
  readonly #subscription: { dispose(): void };
  #told: string;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly service: OperationsService,
    private readonly log: TerminalLog,
    public view: OperationView,
    private readonly options: TaskWatchOptions,
  ) {
    this.#told = toldState(view, false);
    this.#viewName = `task ${view.id}`;
    service.setVisible(this.#viewName, true);
    this.#subscription = service.onDidChange((changed) => {
      if (changed.some(({ id }) => id === view.id)) {
        this.look();
      }
    });
  }

  get hasEnded(): boolean {
    return isTerminal(this.view.status);
  }

  dispose(): void {
    clearTimeout(this.#deadline);
    this.log.stop();
    this.#subscription.dispose();
    this.service.setVisible(this.#viewName, false);
  }

  look(): void {
    const view = this.service.get(this.view.id);
    if (!view) {
      this.#endRemoved();
      return;
    }
    this.view = view;
    if (isTerminal(view.status)) {
      this.#finish(view);
      return;
    }
    const told = toldState(view, this.log.isFollowing);
    if (told !== this.#told) {
      this.#told = told;
      this.log.say(isUnverified(view) ? knowledgeText(view, this.options.hostName) : statusDetail(view));
    }
    if (hasBegun(view)) {
      this.#follow();
    }
  }

  #follow(): void {
    if (!this.log.isFollowing) {
      const { hostName } = this.options;
      this.log.follow({ id: this.view.id, hostName, onLast: () => void this.#conclude() });
    }
  }

  #finish(view: OperationView): void {
    if (this.#deadline) {
      return;
    }
    this.options.onLast();
    this.#claimEnd(view);
    if (neverRan(view)) {
      void this.#conclude();
      return;
    }
    this.#deadline = setTimeout(() => {
      this.log.stop();
      this.log.say(vscode.l10n.t('The rest of its log cannot be read now: "Show Log" shows it later.'));
      void this.#conclude();
    }, this.options.lastWordsMs);
    this.#follow();
  }

  async #conclude(): Promise<void> {
    clearTimeout(this.#deadline);
    const { id } = this.view;
    if (isFailure(this.view)) {
      await untilExplained(this.service, id);
    }
    const view = this.service.get(id);
    if (view) {
      this.options.onEnd(exitCodeOf(view), endText(view));
    } else {
      this.#endRemoved();
    }
  }

  #endRemoved(): void {
    this.options.onEnd(failureCode, vscode.l10n.t('The operation is not in the list any more.'));
  }

  /** Who reads it here need not be told in a message, too. */
  #claimEnd(view: OperationView): void {
    const key = newsKey({ kind: 'end', view, isOfAbsence: false });
    void this.service.claimNotice({ key, by: randomUUID() }).catch(() => undefined);
  }
}

function endText(view: OperationView): string {
  const why = view.cause?.title ?? view.error;
  return why === undefined
    ? vscode.l10n.t('Ended: {0}', statusDetail(view))
    : vscode.l10n.t('Ended: {0} ({1})', statusText(view.shownStatus), oneLine(why));
}
