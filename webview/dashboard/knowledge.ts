/** What the status of a card rests on: seen just now, or the last one known, since when and why. */
import { isUnverified, verificationText } from '../../src/operations/knowledge';
import { element, foreignText, setAttribute, setForeignText, setHidden } from '../shared/dom';
import { formatTime } from '../shared/format';
import { icon } from '../shared/icons';
import type { Part } from './part';

export function createKnowledge(): Part {
  const text = foreignText('span', 'notice-text');
  const warning = icon('warning');
  const verified = icon('verified');
  const whole = element('div', 'notice', warning, verified, text);
  return {
    element: whole,
    isSpoken: true,
    update(operation, now) {
      const said = verificationText(operation, operation.hostName, now, (iso) => formatTime(iso, now));
      const isWarning = isUnverified(operation);
      setHidden(whole, said === undefined);
      setHidden(warning, !isWarning);
      setHidden(verified, isWarning);
      setAttribute(whole, 'data-warning', isWarning ? '' : undefined);
      setForeignText(text, said && said.charAt(0).toUpperCase() + said.slice(1));
    },
  };
}
