/** Says that nothing is heard of what runs, and since when. */
import * as l10n from '@vscode/l10n';
import { element, setHidden, setText } from '../shared/dom';
import { formatTime } from '../shared/format';
import { icon } from '../shared/icons';
import type { Part } from './part';

export function createStalled(): Part {
  const text = element('span', 'notice-text');
  const whole = element('div', 'stalled', icon('warning'), text);
  return {
    element: whole,
    isSpoken: true,
    update({ stalledSince }, now) {
      setHidden(whole, stalledSince === undefined);
      setText(
        text,
        stalledSince === undefined
          ? ''
          : l10n.t('Stalled: nothing written since {0}', formatTime(stalledSince, now)),
      );
    },
  };
}
