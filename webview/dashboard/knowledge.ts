/** What the status of a card rests on: seen just now, or the last one known, since when and why. */
import { isUnverified, verificationText } from '../../src/operations/knowledge';
import { element, foreignText, setAttribute, setForeignText, setHidden } from '../shared/dom';
import { formatTime } from '../shared/format';
import { icon } from '../shared/icons';
import type { Part } from './part';

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function createKnowledge(): Part {
  const text = foreignText('span', 'notice-text');
  const warning = icon('warning');
  const verified = icon('verified');
  const line = element('div', 'notice', warning, verified, text);
  return {
    element: line,
    isSpoken: true,
    update(operation, now) {
      const time = (iso: string) => formatTime(iso, now);
      // Its host has a line of its own.
      const said = verificationText(operation, undefined, now, time);
      const whole = verificationText(operation, operation.hostName, now, time);
      const isWarning = isUnverified(operation);
      setHidden(line, said === undefined);
      setHidden(warning, !isWarning);
      setHidden(verified, isWarning);
      setAttribute(line, 'data-warning', isWarning ? '' : undefined);
      setForeignText(text, said && capitalised(said), whole && capitalised(whole));
    },
  };
}
