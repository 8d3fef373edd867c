/** The colours of a log, from the escape sequences of terminals (ECMA-48 SGR). Pure. */

export interface Style {
  /** 0 to 15: of the theme; or as CSS has it. */
  color?: number | string;
  background?: number | string;
  bold?: true;
  dim?: true;
  italic?: true;
  underline?: true;
  inverse?: true;
}

export interface Span {
  text: string;
  style: Style;
}

const longestLine = 2_000;

/** Commands, titles, text. Each alternative begins with another character: linear, whatever comes. */
const tokens = /\x1b(?:\[([0-9;:?]{0,40})([@-~])?|\][^\x07\x1b\n]{0,200}\x07?)?|[^\x1b]+/gu;
const unshown = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Each line as its spans. A line that was rewritten shows its last state. */
export function readColours(log: string): Span[][] {
  let style: Style = {};
  return log.split('\n').map((line) => {
    const spans: Span[] = [];
    for (const [token, codes, command] of lastState(line).slice(0, longestLine).matchAll(tokens)) {
      if (!token.startsWith('\x1b')) {
        const text = token.replace(unshown, '');
        if (text !== '') {
          spans.push({ text, style });
        }
      } else if (command === 'm') {
        style = styled(style, codes ?? '');
      }
    }
    return spans;
  });
}

/** What stands after the last carriage return that is followed by anything. */
function lastState(line: string): string {
  const written = line.replace(/\r+$/u, '');
  return written.slice(written.lastIndexOf('\r') + 1);
}

function styled(before: Style, text: string): Style {
  const codes = text.split(/[;:]/u).map((code) => (code === '' ? 0 : Number(code)));
  let style = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extended(codes.slice(at + 1));
      at += used;
      style = color === undefined ? style : { ...style, [code === 38 ? 'color' : 'background']: color };
    } else {
      style = simple(style, code);
    }
  }
  return style;
}

function simple(style: Style, code: number): Style {
  const { bold: _b, dim: _d, ...plain } = style;
  const { italic: _i, ...upright } = style;
  const { underline: _u, ...unlined } = style;
  const { inverse: _v, ...straight } = style;
  const { color: _c, ...uncoloured } = style;
  const { background: _g, ...bare } = style;
  switch (code) {
    case 0:
      return {};
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: true };
    case 7:
      return { ...style, inverse: true };
    case 22:
      return plain;
    case 23:
      return upright;
    case 24:
      return unlined;
    case 27:
      return straight;
    case 39:
      return uncoloured;
    case 49:
      return bare;
  }
  if (within(code, 30, 37)) {
    return { ...style, color: code - 30 };
  }
  if (within(code, 40, 47)) {
    return { ...style, background: code - 40 };
  }
  if (within(code, 90, 97)) {
    return { ...style, color: code - 82 };
  }
  return within(code, 100, 107) ? { ...style, background: code - 92 } : style;
}

const within = (code: number, low: number, high: number): boolean => code >= low && code <= high;

/** `5;N` of 256 colours, or `2;R;G;B`. */
function extended([kind, ...values]: readonly number[]): { color?: number | string; used: number } {
  if (kind === 5) {
    const [index = -1] = values;
    const color = paletteColour(index);
    return color === undefined ? { used: 2 } : { color, used: 2 };
  }
  if (kind === 2) {
    const [red = 0, green = 0, blue = 0] = values.map((value) => Math.min(255, value));
    return { color: `rgb(${red}, ${green}, ${blue})`, used: 4 };
  }
  return { used: 0 };
}

function paletteColour(index: number): number | string | undefined {
  if (!Number.isInteger(index) || !within(index, 0, 255)) {
    return undefined;
  }
  if (index < 16) {
    return index;
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  return `rgb(${red}, ${green}, ${blue})`;
}
