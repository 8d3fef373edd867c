/** Says that nothing is heard of what runs, and since when. */
import * as l10n from '@vscode/l10n';
import { isReported } from '../../src/operations/report';
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
    update({ stalledSince, launcher }, now) {
      setHidden(whole, stalledSince === undefined);
      setText(
        text,
        stalledSince === undefined
          ? ''
          : isReported({ launcher })
            ? l10n.t('Stalled: nothing reported since {0}', formatTime(stalledSince, now))
            : l10n.t('Stalled: nothing written since {0}', formatTime(stalledSince, now)),
      );
    },
  };
}
