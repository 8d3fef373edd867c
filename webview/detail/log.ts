/** The end of the log in the theme's terminal colours. It follows while it is scrolled to its end. */
import * as l10n from '@vscode/l10n';
import type { LogTail } from '../../src/views/detail/protocol';
import { element, setWholeText, setHidden, setText, foreignText } from '../shared/dom';
import { formatBytes } from '../shared/format';
import { createButton } from '../shared/toolkit';
import { readColours, type Span, type Style } from './ansi';
import { post } from './host';
import { section } from './section';

const colourNames = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];

const themeColour = (color: number | string): string =>
  typeof color === 'string'
    ? color
    : `var(--vscode-terminal-ansi${color >= 8 ? 'Bright' : ''}${colourNames[color % 8]})`;

/** Some are hard to read on their theme's background: VS Code's terminal raises their contrast, too. */
const legible = (colour: string): string => `color-mix(in srgb, ${colour} 60%, var(--log-foreground))`;

export interface LogPart {
  readonly element: HTMLElement;
  update(log: LogTail): void;
}

export function createLog(): LogPart {
  const text = element('div', 'log');
  text.tabIndex = 0;
  // Not a live region: it would be read out for hours.
  text.setAttribute('role', 'region');
  text.setAttribute('aria-label', l10n.t('The last lines of the log'));
  const note = element('p', 'log-note');
  const error = foreignText('p', 'log-error');
  const read = createButton({
    label: l10n.t('Read the Log'),
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'readLog' }),
  });
  const whole = section('log-part', l10n.t('Log'), note, error, read, text);
  return {
    element: whole,
    update(log) {
      const isRead = log.state === 'read';
      setText(note, noteText(log));
      setHidden(note, noteText(log) === '');
      setWholeText(error, log.state === 'failed' ? log.error : undefined);
      setHidden(read, log.state !== 'away' && log.state !== 'failed');
      setHidden(text, !isRead || log.sizeBytes === 0);
      if (isRead) {
        const isAtEnd = text.scrollHeight - text.scrollTop - text.clientHeight < 8;
        text.replaceChildren(...readColours(log.text.replace(/\n$/u, '')).map(asLine));
        if (isAtEnd) {
          text.scrollTop = text.scrollHeight;
        }
      }
    },
  };
}

function noteText(log: LogTail): string {
  switch (log.state) {
    case 'reading':
      return l10n.t('Reading…');
    case 'away':
      return l10n.t('The host is not connected.');
    case 'failed':
      return l10n.t('The log could not be read.');
    case 'read':
      if (log.sizeBytes === 0) {
        return log.whyNone ?? l10n.t('No output yet.');
      }
      return log.isCut ? l10n.t('The end of {0}', formatBytes(log.sizeBytes)) : '';
  }
}

const asLine = (spans: readonly Span[]): HTMLElement =>
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
