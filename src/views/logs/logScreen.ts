/** Commands, titles, movements, text. Each alternative begins with another character: linear, whatever comes. */
const tokens =
  /\x1b(?:\[[0-9:;<=>?]{0,32}[ -/]{0,4}[@-~]?|[\]PX^_][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)?|[ -/]{0,2}[0-~]?)?|[\n\r]|\x08+|[^\x1b\n\r\x08]+/g;
/** All but the tabulator. */

const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** What a text may end with that is not a whole command yet. */
const unfinished = /\x1b(?:\[[0-9:;<=>?]{0,32}[ -/]{0,4}|[\]PX^_][^\x07\x1b\n]{0,4096}\x1b?|[ -/]{0,2})?$/;
const longestCommand = 5_000;
const longestRow = 100_000;

/**
 * A log as a terminal of any width would show it in the end, as plain text: what a carriage return, a backspace or a
 * movement of the cursor overwrites is gone, colours are left out. Text is taken in as it comes.
 */
export class LogScreen {
  readonly #rows: string[] = [''];
  #row = 0;
  #column = 0;
  #rest = '';

  write(text: string): void {
    const all = this.#rest + text;
    this.#rest = unfinished.exec(all.slice(-longestCommand))?.[0] ?? '';
    const whole = this.#rest === '' ? all : all.slice(0, -this.#rest.length);
    for (const [token] of whole.matchAll(tokens)) {
      this.#take(token);
    }
  }

  /** Of a row that is not ended yet, too. */
  text(): string {
    return this.#rows.join('\n');
  }

  /** How many rows have an end. */
  get endedRows(): number {
    return this.#rows.length - 1;
  }

  #take(token: string): void {
    switch (token[0]) {
      case '\n':
        this.#moveTo(this.#row + 1, 0);
        return;
      case '\r':
        this.#column = 0;
        return;
      case '\b':
        this.#column = Math.max(0, this.#column - token.length);
        return;
      case '\x1b':
        this.#command(token);
        return;
      default:
        this.#put(token.replace(controls, ''));
    }
  }

  #put(text: string): void {
    if (this.#column + text.length > longestRow) {
      // A terminal would have begun another one long before.
      this.#moveTo(this.#row + 1, 0);
    }
    const row = this.#rows[this.#row] ?? '';
    const end = this.#column + text.length;
    if (this.#column === row.length) {
      this.#rows[this.#row] = row + text;
    } else {
      this.#rows[this.#row] = row.slice(0, this.#column).padEnd(this.#column) + text + row.slice(end);
    }
    this.#column = end;
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, row);
    this.#column = column;
    while (this.#row >= this.#rows.length) {
      this.#rows.push('');
    }
  }

  #command(sequence: string): void {
    if (sequence[1] !== '[') {
      return;
    }
    const count = Math.min(longestRow, Number.parseInt(sequence.slice(2), 10) || 1);
    const last = this.#rows.length - 1;
    switch (sequence.at(-1)) {
      case 'A':
        return this.#moveTo(this.#row - count, this.#column);
      case 'B':
        return this.#moveTo(Math.min(last, this.#row + count), this.#column);
      case 'C':
        this.#column = Math.min(longestRow, this.#column + count);
        return;
      case 'D':
        this.#column = Math.max(0, this.#column - count);
        return;
      case 'E':
        return this.#moveTo(Math.min(last, this.#row + count), 0);
      case 'F':
        return this.#moveTo(this.#row - count, 0);
      case 'G':
        this.#column = count - 1;
        return;
      case 'K':
        return this.#erase(sequence.slice(2, -1));
      default:
      // Colours and the like show nothing.
    }
  }

  #erase(what: string): void {
    const row = this.#rows[this.#row] ?? '';
    const rest = what === '1' ? row.slice(this.#column + 1).padStart(row.length) : '';
    this.#rows[this.#row] = what === '2' || what === '1' ? rest : row.slice(0, this.#column);
  }
}
