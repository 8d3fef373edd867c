/** The lines of a log as it moves on: those that are still there are left alone, so that they can be read and selected. */
import { readColours } from './ansi';
import { logLine } from './logLine';
import { movedOn } from './movedOn';

interface Line {
  text: string;
  element: HTMLElement;
}

/** Scrolled by so little, in pixels, it is still at its end. */
const nearEnd = 8;

export class LogLines {
  private lines: Line[] = [];
  /** What is shown once nothing that somebody selected, or reads further up, has to go for it. */
  private waiting: string | undefined;

  /** @param box what scrolls. While it is scrolled to its end, it stays there. */
  constructor(private readonly box: HTMLElement) {
    box.addEventListener('scroll', () => this.goOn());
    document.addEventListener('selectionchange', () => this.goOn());
  }

  show(log: string): void {
    this.waiting = log.replace(/\n$/u, '');
    this.goOn();
  }

  private goOn(): void {
    if (this.waiting === undefined) {
      return;
    }
    const log = this.waiting;
    const texts = log.split('\n');
    const before = this.lines;
    const gone = movedOn(
      before.map(({ text }) => text),
      texts,
    );
    const above = before.slice(0, gone);
    const staying = before.slice(gone).filter(({ text }, at) => text === texts[at]);
    const rewritten = before.slice(gone + staying.length);
    const isAtEnd = this.isAtEnd();
    if (
      [...above, ...rewritten].some(isSelected) ||
      (!isAtEnd && above.some((line) => this.isInSight(line)))
    ) {
      return;
    }
    this.waiting = undefined;
    this.withoutShift(staying[0], () => [...above, ...rewritten].forEach((line) => line.element.remove()));
    const added = readColours(log)
      .map((spans, at) => ({ text: texts[at] ?? '', element: logLine(spans) }))
      .slice(staying.length);
    this.box.append(...added.map((line) => line.element));
    this.lines = [...staying, ...added];
    if (isAtEnd) {
      this.box.scrollTop = this.box.scrollHeight;
    }
  }

  private isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight < nearEnd;
  }

  private isInSight({ element }: Line): boolean {
    return element.getBoundingClientRect().bottom > this.box.getBoundingClientRect().top;
  }

  /** Keeps a line where it is on the screen. */
  private withoutShift(line: Line | undefined, act: () => void): void {
    const top = () => line?.element.getBoundingClientRect().top ?? 0;
    const before = top();
    act();
    this.box.scrollTop += top() - before;
  }
}

function isSelected({ element }: Line): boolean {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
}
