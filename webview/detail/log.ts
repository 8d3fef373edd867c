/** The end of the log in the theme's terminal colours. It follows while it is scrolled to its end. */
import * as l10n from '@vscode/l10n';
import type { LogTail } from '../../src/views/detail/protocol';
import { element, setWholeText, setHidden, setText, foreignText } from '../shared/dom';
import { formatBytes } from '../shared/format';
import { createButton } from '../shared/toolkit';
import { post } from './host';
import { LogLines } from './logLines';
import { section } from './section';

export interface LogPart {
  readonly element: HTMLElement;
  update(log: LogTail): void;
}

export function createLog(): LogPart {
  const text = element('div', 'log');
  text.tabIndex = 0;
  // Not a live region: it would be read out for hours.
  text.setAttribute('role', 'region');
  text.setAttribute('aria-label', l10n.t('The last lines of the log'));
  const lines = new LogLines(text);
  const note = element('p', 'log-note');
  const error = foreignText('p', 'log-error');
  const read = createButton({
    label: l10n.t('Read the Log'),
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'readLog' }),
  });
  const whole = section('log-part', l10n.t('Log'), note, error, read, text);
  return {
    element: whole,
    update(log) {
      const isRead = log.state === 'read';
      setText(note, noteText(log));
      setHidden(note, noteText(log) === '');
      setWholeText(error, log.state === 'failed' ? log.error : undefined);
      setHidden(read, log.state !== 'away' && log.state !== 'failed');
      setHidden(text, !isRead || log.sizeBytes === 0);
      if (isRead) {
        lines.show(log.text);
      }
    },
  };
}

function noteText(log: LogTail): string {
  switch (log.state) {
    case 'reading':
      return l10n.t('Reading…');
    case 'away':
      return l10n.t('The host is not connected.');
    case 'failed':
      return l10n.t('The log could not be read.');
    case 'read':
      if (log.sizeBytes === 0) {
        return log.whyNone ?? l10n.t('No output yet.');
      }
      return log.isCut ? l10n.t('The end of {0}', formatBytes(log.sizeBytes)) : '';
  }
}
