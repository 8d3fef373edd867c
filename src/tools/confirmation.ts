import { unshowable } from '../operations/specText';
import type { Confirmation } from './tool';

/** What is shown of something that is to be confirmed: each label is our own word, each value may be anybody's. */
export type ConfirmedFact = readonly [label: string, value: string | number | undefined];

/** The whole of what matters, each value in a code block that it cannot end. */
export function confirmationOf(title: string, facts: readonly ConfirmedFact[], end: string): Confirmation {
  const shown = facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [`${label}:\n\n${codeBlock(String(value))}`],
  );
  return { title, message: [...shown, end].join('\n\n') };
}

/**
 * A fenced code block of CommonMark whose fence is longer than any run of backticks in the text, so that nothing in it is
 * read as Markdown. Characters that would not be seen, or would turn the direction of others, are shown by their number.
 */
export function codeBlock(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${shown}\n${fence}`;
}

const lineBreaks = /\r\n|[\r\u0085\u2028\u2029]/g;
const unseen = new RegExp(`${unshowable.source}|[\\u00ad\\u200b-\\u200d\\u2060\\ufeff\\u000b\\u000c]`, 'g');

const visible = (text: string): string =>
  text
    .replace(lineBreaks, '\n')
    .replace(
      unseen,
      (character) => `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
    );
