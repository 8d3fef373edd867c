import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { errorMessage } from '../../operations/errors';
import type { OperationView } from '../../operations/operationView';
import { oneLine } from '../historyTable';
import { stateText } from './logText';
import { TerminalLog } from './terminalLog';

const firstBytes = 64 * 1024;
const usualRows = 40;
const [interrupt, enter, endOfInput] = ['\x03', '\r', '\x04'];

/** A terminal that shows the end of a log in its colours and what is added to it. Nothing typed reaches the host. */
export class LogTerminal implements vscode.Pseudoterminal {
  readonly #closed = new vscode.EventEmitter<void>();
  readonly #log: TerminalLog;
  #isClosed = false;

  readonly onDidWrite;
  readonly onDidClose = this.#closed.event;

  constructor(
    private readonly service: OperationsService,
    private readonly view: Pick<OperationView, 'id' | 'name' | 'hostId'>,
  ) {
    this.#log = new TerminalLog(service);
    this.onDidWrite = this.#log.onDidWrite;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    const { t } = vscode.l10n;
    this.#log.say(
      t(
        'Log of "{0}" on {1}. Ctrl+C stops following; the operation goes on.',
        oneLine(this.view.name),
        this.#hostName,
      ),
    );
    void this.#begin(size?.rows ?? usualRows);
  }

  handleInput(input: string): void {
    const { isFollowing } = this.#log;
    if (isFollowing && input === interrupt) {
      this.#log.stop();
      this.#log.say(
        vscode.l10n.t('Stopped following; the operation goes on. Enter follows again, Ctrl+D closes.'),
      );
    } else if (!isFollowing && input === enter) {
      this.#follow();
    } else if (!isFollowing && (input === endOfInput || input === interrupt)) {
      this.#closed.fire();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#log.dispose();
    this.#closed.dispose();
  }

  get #hostName(): string {
    return this.service.hosts().find(({ id }) => id === this.view.hostId)?.name ?? this.view.hostId;
  }

  async #begin(rows: number): Promise<void> {
    try {
      const text = await this.service.log(this.view.id, { maxBytes: firstBytes });
      this.#log.show({ ...text, text: lastRows(text.text, rows) });
    } catch (error) {
      this.#log.say(errorMessage(error));
    }
    if (!this.#isClosed) {
      this.#follow();
    }
  }

  #follow(): void {
    const hostName = this.#hostName;
    this.#log.follow({
      id: this.view.id,
      hostName,
      onLast: (state) => {
        this.#log.say(stateText({ hostName }, state) ?? '');
        this.#log.say(vscode.l10n.t('Ctrl+D closes this terminal.'));
      },
    });
  }
}

/** What of a text fits in so many rows. */
function lastRows(text: string, rows: number): string {
  const lines = text.split('\n');
  return lines.slice(-rows - (lines.at(-1) === '' ? 1 : 0)).join('\n');
}
