import * as vscode from 'vscode';
import type { LogText, OperationsService } from '../../engine/operationsService';
import { bytesText } from '../caseText';
import { LogFollower, type FollowState, type FollowTiming } from './logFollower';
import { stateText } from './logText';
import { TerminalText } from './terminalText';

export interface Followed {
  id: string;
  hostName: string;
  /** Nothing more comes. */
  onLast: (state: Extract<FollowState, { kind: 'ended' | 'removed' }>) => void;
}

/** What a terminal shows of a log, as it is written, and words of ours that are told apart from it. */
export class TerminalLog implements vscode.Disposable {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #filter = new TerminalText();
  #follower: LogFollower | undefined;
  /** Where what is shown ends, in bytes. */
  #end = 0;
  #isAtLineStart = true;
  #isDisposed = false;

  readonly onDidWrite = this.#written.event;

  constructor(
    private readonly service: OperationsService,
    private readonly timing: Partial<FollowTiming> = {},
  ) {}

  get isFollowing(): boolean {
    return this.#follower !== undefined;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.stop();
    this.#written.dispose();
  }

  /** Goes on where what is shown ends; tells what keeps it from that. */
  follow({ id, hostName, onLast }: Followed): void {
    if (this.#isDisposed) {
      return;
    }
    this.#follower = new LogFollower(
      this.service,
      id,
      this.#end,
      {
        onText: (text) => this.show(text),
        onGap: (text) => {
          const left = bytesText(text.offset - this.#end);
          this.say(vscode.l10n.t('{0} left out: it is written faster than it can be shown.', left));
          this.#restart(text);
        },
        onReplaced: (text) => {
          this.say(vscode.l10n.t('The log was emptied or replaced. It begins anew:'));
          this.#restart(text);
        },
        onState: (state) => {
          if (state.kind === 'ended' || state.kind === 'removed') {
            this.stop();
            onLast(state);
          } else {
            this.say(stateText({ hostName }, state) ?? vscode.l10n.t('{0} is back.', hostName));
          }
        },
      },
      this.timing,
    );
  }

  stop(): void {
    this.#follower?.dispose();
    this.#follower = undefined;
  }

  show(text: Pick<LogText, 'text' | 'end'>): void {
    this.#end = text.end;
    const safe = this.#filter.take(text.text);
    if (safe !== '' && !this.#isDisposed) {
      this.#written.fire(safe);
      this.#isAtLineStart = safe.endsWith('\n');
    }
  }

  /** Words of ours, told apart from those of the log, which cannot go back up to them. */
  say(text: string): void {
    if (!this.#isDisposed) {
      const before = this.#isAtLineStart ? '' : '\r\n';
      this.#written.fire(`\x1b[0m${before}\x1b[2m[${text}]\x1b[0m\r\n`);
      this.#isAtLineStart = true;
      this.#filter.restart();
    }
  }

  #restart(text: LogText): void {
    this.#filter.restart();
    this.show(text);
  }
}
