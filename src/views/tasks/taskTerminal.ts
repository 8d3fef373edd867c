import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { errorMessage } from '../../operations/errors';
import type { HostView, OperationView } from '../../operations/operationView';
import type { Draft } from '../../operations/spec';
import { oneLine } from '../historyTable';
import { TerminalLog } from '../logs/terminalLog';
import { statusDetail, statusText } from '../operationText';
import type { Settle } from '../settled';
import { askInterruption } from './interruptQuestion';
import { detachedCode, failureCode, wasRefused } from './taskEnd';
import { taskSpec, type TaskDefinition } from './taskSpec';
import { TaskWatch } from './taskWatch';

const interrupt = '\x03';
const longestCommand = 200;
/** Problem matchers read what comes here: more is caught up with than a reader would want. */
const mostBehindBytes = 16 * 1024 * 1024;
const lastWordsMs = 30_000;

/**
 * The terminal of a task: submits what it describes and shows its log until it ends, with the operation's exit code.
 * The operation is one as any other: it outlives the terminal, which only looks at it.
 */
export class TaskTerminal implements vscode.Pseudoterminal {
  readonly #closed = new vscode.EventEmitter<number>();
  readonly #log: TerminalLog;
  #watch: TaskWatch | undefined;
  #hostName = '';
  #question: AbortController | undefined;
  /** The user wanted out before there was an operation to ask about. */
  #isInterrupted = false;
  #isSubmitting = false;
  #isOver = false;

  readonly onDidWrite;
  readonly onDidClose = this.#closed.event;

  constructor(
    private readonly service: OperationsService,
    /** What the user decides before something is started. */
    private readonly settle: Settle,
    private readonly definition: TaskDefinition,
    private readonly label: string,
    private readonly options = { lastWordsMs },
  ) {
    this.#log = new TerminalLog(service, { mostBehindBytes });
    this.onDidWrite = this.#log.onDidWrite;
  }

  open(): void {
    void this.#begin().catch((error: unknown) => this.#end(failureCode, oneLine(errorMessage(error))));
  }

  handleInput(input: string): void {
    if (input === interrupt) {
      void this.#interrupt();
    }
  }

  /** The task was terminated, or its terminal closed: the operation goes on. */
  close(): void {
    this.#leave();
    this.#log.dispose();
    this.#closed.dispose();
  }

  async #begin(): Promise<void> {
    // Right after the start the hosts are not known yet: this waits until they are.
    await this.service.list({ sync: false });
    const wanted = taskSpec(this.definition, this.label, this.service.hosts());
    if ('problems' in wanted) {
      wanted.problems.forEach((problem) => this.#log.say(oneLine(problem)));
      const text = vscode.l10n.t('Nothing was started: the definition of the task has to be changed.');
      this.#end(failureCode, text);
    } else if (!this.#isOver) {
      this.#hostName = wanted.host.name;
      await this.#submit(wanted);
    }
  }

  async #submit({ host, spec }: { host: HostView; spec: Draft }): Promise<void> {
    const { t } = vscode.l10n;
    const settled = await this.settle(spec);
    if (!settled || this.#isOver) {
      this.#end(failureCode, t('Nothing was started.'));
      return;
    }
    const { name = '', command = '' } = settled.draft;
    const line = oneLine(command);
    const shown = line.length > longestCommand ? `${line.slice(0, longestCommand)}...` : line;
    this.#log.say(t('"{0}" on {1}: {2}', oneLine(name), host.name, shown));
    this.#isSubmitting = true;
    const view = await settled.act();
    if (wasRefused(view)) {
      this.#end(failureCode, oneLine(view.error ?? statusText(view.shownStatus)));
    } else if (!this.#isOver) {
      this.#log.say(
        t('Id {0}: {1}. Ctrl+C asks whether to kill it or to detach.', view.id, statusDetail(view)),
      );
      this.#follow(view);
    }
  }

  #follow(view: OperationView): void {
    this.#watch = new TaskWatch(this.service, this.#log, view, {
      ...this.options,
      hostName: this.#hostName,
      onLast: () => this.#question?.abort(),
      onEnd: (code, text) => this.#end(code, text),
    });
    this.#watch.look();
    if (this.#isInterrupted) {
      void this.#interrupt();
    }
  }

  async #interrupt(): Promise<void> {
    if (this.#isOver || this.#question || (!this.#watch && this.#isInterrupted)) {
      return;
    }
    if (!this.#isSubmitting) {
      this.#end(failureCode, vscode.l10n.t('Nothing was started.'));
      return;
    }
    if (!this.#watch) {
      this.#isInterrupted = true;
      this.#log.say(vscode.l10n.t('It is being submitted. What is to happen to it is asked after that.'));
      return;
    }
    const { view, hasEnded } = this.#watch;
    if (hasEnded) {
      return;
    }
    this.#question = new AbortController();
    const answer = await askInterruption(view, this.#hostName, this.#question.signal);
    this.#question = undefined;
    if (answer === 'kill') {
      await this.#kill(view.id);
    } else if (answer === 'detach') {
      const text = vscode.l10n.t(
        'Detached: the operation {0} goes on. "Follow Log in Terminal" and the list of operations show it.',
        view.id,
      );
      this.#end(detachedCode(view), text);
    }
  }

  async #kill(id: string): Promise<void> {
    try {
      await this.service.kill(id);
    } catch (error) {
      this.#log.say(oneLine(errorMessage(error)));
    }
  }

  #end(code: number, text: string): void {
    if (!this.#isOver) {
      this.#leave();
      this.#log.say(text);
      this.#closed.fire(code);
    }
  }

  #leave(): void {
    this.#isOver = true;
    this.#question?.abort();
    this.#watch?.dispose();
  }
}
