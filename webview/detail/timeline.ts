/** Every change of its status, with what it rested on. */
import * as l10n from '@vscode/l10n';
import type { AuditEvent } from '../../src/operations/operation';
import { statusTone } from '../../src/operations/statusTone';
import { element, foreignText, setAttribute, setWholeText, setHidden, setText } from '../shared/dom';
import { formatDuration, formatFullTime, formatTime } from '../shared/format';
import { statusWord } from '../shared/words';
import type { Part } from './part';
import { section } from './section';

export function createTimeline(): Part {
  const list = element('ol', 'timeline');
  // Without list markers some screen readers need the role said.
  list.setAttribute('role', 'list');
  const whole = section('history', l10n.t('What Happened'), list);
  const rows: Row[] = [];
  return {
    element: whole,
    update({ history }, now) {
      setHidden(whole, history.length === 0);
      while (rows.length > history.length) {
        rows.pop()?.element.remove();
      }
      history.forEach((event, index) => {
        let row = rows[index];
        if (row === undefined) {
          row = createRow();
          rows.push(row);
          list.append(row.element);
        }
        row.update(event, history[index - 1], now);
      });
    },
  };
}

interface Row {
  readonly element: HTMLElement;
  update(event: AuditEvent, before: AuditEvent | undefined, now: number): void;
}

function createRow(): Row {
  const word = element('span', 'event-word');
  const time = element('time', 'event-time');
  const after = element('span', 'event-after');
  const evidence = foreignText('p', 'event-evidence');
  const whole = element(
    'li',
    'event',
    element('span', 'dot'),
    element('div', 'event-head', word, time, after),
    evidence,
  );
  return {
    element: whole,
    update({ at, to, evidence: rested }, before, now) {
      setAttribute(whole, 'data-tone', statusTone(to));
      setText(word, statusWord(to));
      setText(time, formatTime(at, now));
      setAttribute(time, 'datetime', at);
      setAttribute(time, 'title', formatFullTime(at));
      const seconds = before ? (Date.parse(at) - Date.parse(before.at)) / 1000 : NaN;
      setHidden(after, !(seconds >= 1));
      setText(after, seconds >= 1 ? l10n.t('after {0}', formatDuration(seconds)) : '');
      setWholeText(evidence, rested && `${rested.charAt(0).toUpperCase()}${rested.slice(1)}`);
    },
  };
}
