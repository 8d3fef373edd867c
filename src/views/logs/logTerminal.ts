import * as vscode from 'vscode';
import type { LogText, OperationsService } from '../../engine/operationsService';
import { errorMessage } from '../../operations/errors';
import type { OperationView } from '../../operations/operationView';
import { oneLine } from '../historyTable';
import { bytesText } from '../caseText';
import { LogFollower, type FollowState } from './logFollower';
import { stateText } from './logText';
import { TerminalText } from './terminalText';

const firstBytes = 64 * 1024;
const usualRows = 40;
const [interrupt, enter, endOfInput] = ['\x03', '\r', '\x04'];

/** A terminal that shows the end of a log in its colours and what is added to it. Nothing typed reaches the host. */
export class LogTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  readonly #filter = new TerminalText();
  #follower: LogFollower | undefined;
  #end = 0;
  #isAtLineStart = true;
  #isClosed = false;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(
    private readonly service: OperationsService,
    private readonly view: Pick<OperationView, 'id' | 'name' | 'hostId'>,
  ) {}

  open(size: vscode.TerminalDimensions | undefined): void {
    const { t } = vscode.l10n;
    this.#say(
      t(
        'Log of "{0}" on {1}. Ctrl+C stops following; the operation goes on.',
        oneLine(this.view.name),
        this.#hostName,
      ),
    );
    void this.#begin(size?.rows ?? usualRows);
  }

  handleInput(input: string): void {
    if (this.#follower && input === interrupt) {
      this.#stop();
      this.#say(
        vscode.l10n.t('Stopped following; the operation goes on. Enter follows again, Ctrl+D closes.'),
      );
    } else if (!this.#follower && input === enter) {
      this.#follow();
    } else if (!this.#follower && (input === endOfInput || input === interrupt)) {
      this.#closed.fire();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    this.#written.dispose();
    this.#closed.dispose();
  }

  get #hostName(): string {
    return this.service.hosts().find(({ id }) => id === this.view.hostId)?.name ?? this.view.hostId;
  }

  async #begin(rows: number): Promise<void> {
    try {
      const text = await this.service.log(this.view.id, { maxBytes: firstBytes });
      this.#show({ ...text, text: lastRows(text.text, rows) });
    } catch (error) {
      this.#say(errorMessage(error));
    }
    if (!this.#isClosed) {
      this.#follow();
    }
  }

  #follow(): void {
    this.#follower = new LogFollower(this.service, this.view.id, this.#end, {
      onText: (text) => this.#show(text),
      onGap: (text) => {
        this.#say(
          vscode.l10n.t(
            '{0} left out: it is written faster than it can be shown.',
            bytesText(text.offset - this.#end),
          ),
        );
        this.#restart(text);
      },
      onReplaced: (text) => {
        this.#say(vscode.l10n.t('The log was emptied or replaced. It begins anew:'));
        this.#restart(text);
      },
      onState: (state) => this.#tell(state),
    });
  }

  #stop(): void {
    this.#follower?.dispose();
    this.#follower = undefined;
  }

  #tell(state: FollowState): void {
    const text =
      stateText({ hostName: this.#hostName }, state) ?? vscode.l10n.t('{0} is back.', this.#hostName);
    this.#say(text);
    if (state.kind === 'ended' || state.kind === 'removed') {
      this.#stop();
      this.#say(vscode.l10n.t('Ctrl+D closes this terminal.'));
    }
  }

  #restart(text: LogText): void {
    this.#filter.restart();
    this.#show(text);
  }

  #show(text: Pick<LogText, 'text' | 'end'>): void {
    this.#end = text.end;
    const safe = this.#filter.take(text.text);
    if (safe !== '' && !this.#isClosed) {
      this.#written.fire(safe);
      this.#isAtLineStart = safe.endsWith('\n');
    }
  }

  /** Words of ours, told apart from those of the log, which cannot go back up to them. */
  #say(text: string): void {
    if (!this.#isClosed) {
      const before = this.#isAtLineStart ? '' : '\r\n';
      this.#written.fire(`\x1b[0m${before}\x1b[2m[${text}]\x1b[0m\r\n`);
      this.#isAtLineStart = true;
      this.#filter.restart();
    }
  }
}

/** What of a text fits in so many rows. */
function lastRows(text: string, rows: number): string {
  const lines = text.split('\n');
  return lines.slice(-rows - (lines.at(-1) === '' ? 1 : 0)).join('\n');
}
