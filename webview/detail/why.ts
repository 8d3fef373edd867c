/** Why it ended, and the lines of its log that show it. */
import * as l10n from '@vscode/l10n';
import { isTerminal } from '../../src/operations/status';
import type { DetailOperation } from '../../src/views/detail/protocol';
import { foreignText, setWholeText, setHidden } from '../shared/dom';
import type { Part } from './part';
import { section } from './section';

function whyText({ status, exitCode, cause, error }: DetailOperation): string | undefined {
  if (!isTerminal(status)) {
    return undefined;
  }
  if (status === 'completed' && exitCode === 0) {
    return l10n.t('It ended by itself, with exit code 0.');
  }
  const text = cause?.title ?? error;
  return text === undefined ? undefined : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

export function createWhy(): Part {
  const title = foreignText('p', 'why-title');
  const lines = foreignText('pre', 'why-lines');
  lines.tabIndex = 0;
  lines.setAttribute('role', 'region');
  lines.setAttribute('aria-label', l10n.t('The lines of its log that show it'));
  const whole = section('why', l10n.t('Why It Ended'), title, lines);
  return {
    element: whole,
    update({ operation }) {
      const text = whyText(operation);
      setHidden(whole, text === undefined);
      setWholeText(title, text);
      setWholeText(lines, operation.cause?.lines?.join('\n'));
    },
  };
}
