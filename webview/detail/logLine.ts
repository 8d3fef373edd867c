/** A line of a log in the theme's terminal colours. */
import { element } from '../shared/dom';
import type { Span, Style } from './ansi';

const colourNames = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];

const themeColour = (color: number | string): string =>
  typeof color === 'string'
    ? color
    : `var(--vscode-terminal-ansi${color >= 8 ? 'Bright' : ''}${colourNames[color % 8]})`;

/** Some are hard to read on their theme's background: VS Code's terminal raises their contrast, too. */
const legible = (colour: string): string => `color-mix(in srgb, ${colour} 60%, var(--log-foreground))`;

export const logLine = (spans: readonly Span[]): HTMLElement =>
  spans.length === 0 ? element('div', '', '\u200b') : element('div', '', ...spans.map(asNode));

function asNode({ text, style }: Span): Node | string {
  if (Object.keys(style).length === 0) {
    return text;
  }
  const span = element('span', '', text);
  apply(span.style, style);
  return span;
}

function apply(css: CSSStyleDeclaration, style: Style): void {
  const { color, background, inverse } = style;
  const front = color === undefined ? undefined : themeColour(color);
  const back = background === undefined ? undefined : themeColour(background);
  css.color = inverse
    ? (back ?? 'var(--log-background)')
    : front && back === undefined
      ? legible(front)
      : (front ?? '');
  css.backgroundColor = inverse ? (front ?? 'var(--log-foreground)') : (back ?? '');
  css.fontWeight = style.bold ? 'bold' : '';
  css.opacity = style.dim ? '0.75' : '';
  css.fontStyle = style.italic ? 'italic' : '';
  css.textDecoration = style.underline ? 'underline' : '';
}
