/** Says that nothing is heard of what runs, and since when. */
import { element, setHidden, setText } from '../shared/dom';
import { formatTime } from '../shared/format';
import { icon } from '../shared/icons';
import type { Part } from './part';

export function createStalled(): Part {
  const text = element('span', 'notice-text');
  const whole = element('div', 'stalled', icon('warning'), text);
  return {
    element: whole,
    update({ stalledSince }, now) {
      setHidden(whole, stalledSince === undefined);
      setText(
        text,
        stalledSince === undefined ? '' : `Stalled: nothing written since ${formatTime(stalledSince, now)}`,
      );
    },
  };
}
