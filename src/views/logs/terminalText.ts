/** As in logScreen.ts; what follows an escape character decides. */
const tokens =
  /\x1b(?:\[[0-9:;<=>?]{0,32}[ -/]{0,4}[@-~]?|[\]PX^_][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)?|[ -/]{0,2}[0-~]?)?|\n|[^\x1b\n]+/g;
const unfinished = /\x1b(?:\[[0-9:;<=>?]{0,32}[ -/]{0,4}|[\]PX^_][^\x07\x1b\n]{0,4096}\x1b?|[ -/]{0,2})?$/;
const longestCommand = 5_000;
/** All but tabulator, backspace and carriage return; those of eight bits begin commands as well. */

const controls = /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** Colours. A colon divides the parts of some. */
const colours = /^\x1b\[[0-9:;]{0,32}m$/;
/** Movements within the line, and erasing in it. */
const withinLine = /^\x1b\[\d{0,4}[CDGK]$/;
const betweenLines = /^\x1b\[(\d{0,4})([ABEF])$/;
/** Bars inside bars; further up there are words of others. */
const mostUp = 50;

/**
 * Lets through what a program may do to a terminal that shows its log: colours, and the few movements that progress
 * bars are made of. Whatever else a terminal obeys is taken out: titles, links, the clipboard, questions that it
 * answers as if typed, other screens. The cursor never goes up beyond what came through here.
 */
export class TerminalText {
  #rest = '';
  /** How many lines below the first the cursor is, and how many there are. */
  #row = 0;
  #rows = 0;

  take(text: string): string {
    const all = this.#rest + text;
    this.#rest = unfinished.exec(all.slice(-longestCommand))?.[0] ?? '';
    const whole = this.#rest === '' ? all : all.slice(0, -this.#rest.length);
    let safe = '';
    for (const [token] of whole.matchAll(tokens)) {
      safe += this.#allow(token);
    }
    return safe;
  }

  /** What follows does not belong to what came before. */
  restart(): void {
    this.#rest = '';
    this.#row = 0;
    this.#rows = 0;
  }

  #allow(token: string): string {
    if (token === '\n') {
      this.#row += 1;
      this.#rows = Math.max(this.#rows, this.#row);
      return '\r\n';
    }
    if (token[0] !== '\x1b') {
      return token.replace(controls, '');
    }
    const [, count = '', direction] = betweenLines.exec(token) ?? [];
    if (direction !== undefined) {
      return this.#move(Number.parseInt(count, 10) || 1, direction);
    }
    return colours.test(token) || withinLine.test(token) ? token : '';
  }

  #move(wished: number, direction: string): string {
    const isUp = direction === 'A' || direction === 'F';
    const room = isUp ? Math.min(this.#row, mostUp) : this.#rows - this.#row;
    const count = Math.min(wished, room);
    this.#row += isUp ? -count : count;
    const toBegin = direction === 'E' || direction === 'F' ? '\r' : '';
    return count > 0 ? `\x1b[${count}${isUp ? 'A' : 'B'}${toBegin}` : toBegin;
  }
}
