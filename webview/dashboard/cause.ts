/** Why it ended, or what it is queued for: one line, the whole in its tooltip and among the details. */
import { element, foreignText, setForeignText, setHidden } from '../shared/dom';
import { icon } from '../shared/icons';
import type { Part } from './part';

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const firstLine = (text: string): string => text.trim().split('\n', 1)[0] ?? '';

export function createCause(): Part {
  const text = foreignText('span', 'cause-text');
  const mark = icon('failed');
  const whole = element('div', 'cause', mark, text);
  return {
    element: whole,
    isSpoken: true,
    update({ cause, error, waitsFor }) {
      const why = cause?.title ?? error;
      const said = why ?? waitsFor;
      setHidden(mark, why === undefined);
      setHidden(whole, said === undefined);
      setForeignText(text, said && capitalised(firstLine(said)), error ?? said);
    },
  };
}
