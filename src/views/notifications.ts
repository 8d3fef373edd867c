import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { Ends, isFailure, isWanted, type News, type NotificationLevel } from './ends';
import type { LastSeen } from './lastSeen';
import { digestMessage, newsMessage, untilGone, type NewsMessage } from './newsMessage';
import { isMoreToCome, NewsGathering } from './newsGathering';
import { newsKey } from './newsText';
import { Stalls } from './stalls';
import { untilExplained } from './untilExplained';

/** Ends that come together are told together: a host that is back has many to tell. */
const gatherMs = 200;
/** How often it is asked whether more is to come. */
const awaitEveryMs = 500;
/** What the window that the user looks at gets ahead of the owner of the engine, and that ahead of others. */
const headStartMs = 600;

export interface NotificationsOptions {
  lastSeen: LastSeen;
  level: () => NotificationLevel;
  stalledAfterMs: () => number;
}

/** Tells how operations ended, and which have stalled: in one window, and with one message of ours at a time. */
export class Notifications implements vscode.Disposable {
  readonly #window = randomUUID();
  readonly #ends: Ends;
  readonly #stalls: Stalls;
  readonly #subscription;
  readonly #gathering = new NewsGathering();
  #claimed: News[] = [];
  /** How many are neither told nor another window's: until they are, nobody has seen them. */
  #untold = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;

  constructor(
    private readonly service: OperationsService & { readonly ownsEngine: boolean },
    private readonly options: NotificationsOptions,
  ) {
    const { presence } = options.lastSeen;
    this.#ends = new Ends(presence);
    this.#stalls = new Stalls(presence, options.stalledAfterMs);
    this.#subscription = service.onDidChange((changed) => this.#find(changed));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }

  #find(changed: Parameters<Ends['take']>[0]): void {
    const nowMs = Date.now();
    const news = [...this.#ends.take(changed, nowMs), ...this.#stalls.take(changed)];
    const level = this.options.level();
    // What is told of an absence counts what went well, too.
    const told = news.filter((each) => level !== 'none' && (each.isOfAbsence || isWanted(each, level)));
    this.#untold += told.length;
    this.#noteSeen(news.length > 0);
    if (told.length > 0) {
      this.#gathering.add(told, performance.now());
      this.#timer ??= setTimeout(() => this.#flush(), gatherMs + this.#headStart());
    }
  }

  #flush(): void {
    this.#timer = undefined;
    const isMore = isMoreToCome(this.service.hosts(), this.service.operations());
    const ready = this.#gathering.take(performance.now(), isMore);
    if (!this.#gathering.isEmpty) {
      this.#timer = setTimeout(() => this.#flush(), awaitEveryMs);
    }
    if (ready.length > 0) {
      void this.#claim(ready);
    }
  }

  /** What waits for an open message to go is told after a restart, if that comes first. */
  #noteSeen(isNews: boolean): void {
    if (this.#untold === 0) {
      this.options.lastSeen.note(Date.now(), isNews);
    }
  }

  #headStart(): number {
    if (vscode.window.state.focused) {
      return 0;
    }
    return this.service.ownsEngine ? headStartMs : 2 * headStartMs;
  }

  async #claim(news: News[]): Promise<void> {
    await untilWindowAnswers();
    const granted = await Promise.all(
      // Where no window answers, the list still shows it.
      news.map((each) =>
        this.service.claimNotice({ key: newsKey(each), by: this.#window }).catch(() => false),
      ),
    );
    const own = news.filter((_, index) => granted[index]);
    this.#untold -= news.length - own.length;
    this.#noteSeen(true);
    const [only] = own;
    if (only && own.length === 1 && isFailure(only.view)) {
      await untilExplained(this.service, only.view.id);
    }
    this.#claimed.push(...own);
    await this.#tell();
  }

  /** While a message is open, what ends is gathered for the next. */
  async #tell(): Promise<void> {
    while (!this.#isOpen && this.#claimed.length > 0) {
      this.#isOpen = true;
      try {
        const news = this.#claimed.splice(0);
        this.#untold -= news.length;
        this.#noteSeen(true);
        for (const message of this.#messages(news)) {
          await untilGone(message);
        }
      } finally {
        this.#isOpen = false;
      }
    }
  }

  #messages(news: News[]): NewsMessage[] {
    const level = this.options.level();
    // What is known now: the cause comes after the end.
    const latest = news.map((each) => ({ ...each, view: this.service.get(each.view.id) ?? each.view }));
    const away = latest.filter(({ isOfAbsence }) => isOfAbsence);
    const now = latest.filter(({ isOfAbsence }) => !isOfAbsence);
    return [
      ...(away.some((each) => isWanted(each, level)) ? [digestMessage(away, this.service)] : []),
      ...(now.length > 0 ? [newsMessage(now, this.service)] : []),
    ];
  }
}

/**
 * Never resolves where nobody can read: the extension host of a page that crashed, or lost its network, lives on
 * for hours. It tells what is left to tell once its window is back.
 */
const untilWindowAnswers = (): Thenable<unknown> => vscode.commands.executeCommand('noop');
