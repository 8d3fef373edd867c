/** The tries before and after this one. */
import * as l10n from '@vscode/l10n';
import type { Attempt } from '../../src/views/detail/protocol';
import { element, setHidden, setText } from '../shared/dom';
import { createButton, describeButton } from '../shared/toolkit';
import { statusWord } from '../shared/words';
import { post } from './host';
import type { Part } from './part';

export function createAttempts(): Part {
  const which = element('span', 'which');
  const before = createLink((attempt) =>
    l10n.t('Attempt {0}: {1}', attempt.attempt, statusWord(attempt.shownStatus)),
  );
  const after = createLink((attempt) =>
    l10n.t('Attempt {0}: {1}', attempt.attempt, statusWord(attempt.shownStatus)),
  );
  const whole = element('nav', 'attempts', before.element, which, after.element);
  whole.setAttribute('aria-label', l10n.t('Attempts'));
  return {
    element: whole,
    update({ operation, previous, next }) {
      setHidden(whole, previous === undefined && next === undefined);
      setText(which, l10n.t('This is attempt {0}', operation.attempt ?? 1));
      before.update(previous);
      after.update(next);
    },
  };
}

function createLink(words: (attempt: Attempt) => string) {
  let id = '';
  const button = createButton({
    label: '',
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'open', id }),
  });
  return {
    element: button,
    update(attempt: Attempt | undefined) {
      setHidden(button, attempt === undefined);
      if (attempt) {
        id = attempt.id;
        setText(button, words(attempt));
        describeButton(button, l10n.t('Open {0}', words(attempt)));
      }
    },
  };
}
