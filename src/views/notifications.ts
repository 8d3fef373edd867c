import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands, viewId } from '../ids';
import type { OperationView } from '../operations/operationView';
import { endKey, Ends, endsText, isWanted, type NotificationLevel } from './ends';
import { showError, showInformation } from './messages';

/** Ends that come together are told together: a host that is back has many to tell. */
const gatherMs = 200;
/** What the window that the user looks at gets ahead of the owner of the engine, and that ahead of others. */
const headStartMs = 600;
/** VS Code hides a message of success after this long in a window that is looked at; one of failure stays. */
const shownMs = 15_000;

/** Tells how operations ended: in one window, and with one message of ours at a time. */
export class EndNotifications implements vscode.Disposable {
  readonly #window = randomUUID();
  readonly #ends = new Ends(Date.now());
  readonly #subscription;
  #found: OperationView[] = [];
  #claimed: OperationView[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;

  constructor(
    private readonly service: OperationsService & { readonly ownsEngine: boolean },
    private readonly level: () => NotificationLevel,
  ) {
    this.#subscription = service.onDidChange((changed) => this.#find(changed));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }

  #find(changed: OperationView[]): void {
    const level = this.level();
    this.#found.push(...this.#ends.take(changed).filter((view) => isWanted(view, level)));
    if (this.#found.length > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        void this.#claim(this.#found.splice(0));
      }, gatherMs + this.#headStart());
    }
  }

  #headStart(): number {
    if (vscode.window.state.focused) {
      return 0;
    }
    return this.service.ownsEngine ? headStartMs : 2 * headStartMs;
  }

  async #claim(ends: OperationView[]): Promise<void> {
    const granted = await Promise.all(
      // Where no window answers, the list still shows it.
      ends.map((end) => this.service.claimNotice({ key: endKey(end), by: this.#window }).catch(() => false)),
    );
    this.#claimed.push(...ends.filter((_, index) => granted[index]));
    await this.#tell();
  }

  /** While a message is open, what ends is gathered for the next. */
  async #tell(): Promise<void> {
    while (!this.#isOpen && this.#claimed.length > 0) {
      this.#isOpen = true;
      try {
        await this.#show(this.#claimed.splice(0));
      } finally {
        this.#isOpen = false;
      }
    }
  }

  /** Resolves once the message is gone from the screen. */
  async #show(ends: OperationView[]): Promise<void> {
    const { t } = vscode.l10n;
    const names = new Map(this.service.hosts().map(({ id, name }) => [id, name]));
    const text = endsText(ends, (hostId) => names.get(hostId) ?? hostId);
    const isFailure = ends.some(({ status }) => status !== 'completed');
    const action = ends.length === 1 ? t('Show Log') : t('Show Operations');
    const answered = (isFailure ? showError : showInformation)(text, action).then((answer) => {
      if (answer === action) {
        // What goes wrong is told by the command.
        void (ends.length === 1
          ? vscode.commands.executeCommand(commands.showLog, ends[0]?.id)
          : vscode.commands.executeCommand(`${viewId}.focus`));
      }
    });
    await (isFailure ? answered : Promise.race([answered, untilHidden()]));
  }
}

async function untilHidden(): Promise<void> {
  do {
    await new Promise((resolve) => setTimeout(resolve, shownMs).unref());
  } while (!vscode.window.state.focused);
}
