/** A line of a log as a terminal would show it in the end. */
export interface Row {
  text: string;
  /** The cursor went back up from it: a bar inside the work of another one, which stands above it. */
  isNested: boolean;
}

const mostCharacters = 8_192;
const mostRows = 200;
const longestRow = 1_000;

/** Commands and titles, movements, text. Each alternative begins with another character: linear, whatever comes. */
const tokens = /\x1b(?:\[[0-9;?]{0,16}[@-~]?|\][^\x07\x1b\n]{0,200}\x07?)?|[\n\r]|\x08+|[^\x1b\n\r\x08]+/g;
const controls = /\p{C}/gu;

/**
 * What a terminal would show after this text: carriage returns, backspaces and cursor movements carried out,
 * colours left out. Unlike on a terminal, what is written at the beginning of a line replaces all of it, so
 * that no rest of a longer state stays behind it. What may be half written yet is left out.
 */
export function readScreen(log: string): Row[] {
  const screen = new Screen();
  for (const [token] of log.slice(-mostCharacters).matchAll(tokens)) {
    screen.take(token);
  }
  return screen.settled().slice(-mostRows);
}

const blank: Row = { text: '', isNested: false };

class Screen {
  readonly #rows: Row[] = [{ ...blank }];
  #at = 0;
  /** The next text replaces the row. */
  #isReturned = false;
  /** It was begun by the line before it, and has no end yet. */
  #isUnended = true;
  /** The state of the row that the one which is being written replaces. */
  #before: Row | undefined;

  take(token: string): void {
    switch (token[0]) {
      case '\n':
        this.#moveTo(this.#at + 1);
        this.#isUnended = !this.#isReturned;
        return;
      case '\r':
        this.#return();
        return;
      case '\b':
        this.#moveBack(token.length);
        return;
      case '\x1b':
        this.#command(token);
        return;
      default:
        this.#write(token.replace(controls, ''));
    }
  }

  /** A state that is shorter than the last one may be the beginning of it, and a line without an end that of a longer one. */
  settled(): Row[] {
    const last = this.#row;
    const before = this.#before ?? blank;
    const isCut = this.#isUnended || last.text.length < before.text.length;
    return this.#rows.map((row) => {
      const { text, isNested } = row === last && isCut ? before : row;
      return {
        text: text.slice(0, longestRow).trimEnd(),
        isNested: isNested || (row === last && before.isNested),
      };
    });
  }

  get #row(): Row {
    return this.#rows[this.#at] as Row;
  }

  #moveTo(at: number): void {
    this.#at = Math.max(0, at);
    this.#before = undefined;
    this.#isUnended = false;
    this.#isReturned = this.#at < this.#rows.length;
    while (this.#at >= this.#rows.length) {
      this.#rows.push({ ...blank });
    }
  }

  #return(): void {
    this.#isReturned = true;
    this.#isUnended = false;
    this.#before = undefined;
  }

  #moveBack(count: number): void {
    if (count >= this.#row.text.length) {
      this.#return();
    } else {
      this.#row.text = this.#row.text.slice(0, -count);
    }
  }

  #write(text: string): void {
    const row = this.#row;
    if (this.#isReturned) {
      this.#before ??= { ...row };
      row.text = '';
      row.isNested = false;
    }
    this.#isReturned = false;
    row.text += text;
  }

  #command(sequence: string): void {
    const count = Number.parseInt(sequence.slice(2), 10) || 1;
    switch (sequence.at(-1)) {
      case 'A':
      case 'F':
        this.#row.isNested = this.#row.text.trim() !== '';
        this.#moveTo(this.#at - count);
        return;
      case 'B':
      case 'E':
        this.#moveTo(Math.min(this.#rows.length - 1, this.#at + count));
        return;
      case 'G':
        this.#isReturned = true;
        return;
      case 'K':
        if (this.#isReturned || sequence === '\x1b[2K') {
          this.#row.text = '';
        }
        return;
      default:
      // Colours and the like show nothing.
    }
  }
}
