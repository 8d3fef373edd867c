/** Says that nothing is heard of what runs, and since when. */
import { element, setHidden, setText } from './dom';
import { formatTime } from './format';
import { icon } from './icons';
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
