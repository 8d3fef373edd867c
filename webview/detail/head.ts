/** What it is, how it is, since when that is known, and what can be done. */
import { element, foreignText, setAttribute, setWholeText, setText } from '../shared/dom';
import { typeIcon } from '../shared/icons';
import { originText } from '../shared/origin';
import { typeText } from '../../src/operations/typeText';
import { statusWord } from '../shared/words';
import { createKnowledge } from '../dashboard/knowledge';
import { createStalled } from '../dashboard/stalled';
import { createActions } from './actions';
import type { Part } from './part';
import type { OperationType } from '../../src/operations/status';
import { statusTone } from '../../src/operations/statusTone';

export function createHead(): Part {
  const name = foreignText('h1', 'name');
  const type = element('span', 'type');
  let shownType: OperationType | undefined;
  const status = element('span', 'status-word');
  const state = element('p', 'status', element('span', 'dot'), status);
  // Heard when it changes.
  state.setAttribute('role', 'status');
  const host = foreignText('span', 'host');
  const kind = foreignText('span', 'kind');
  const elsewhere = foreignText('span', 'elsewhere');
  const description = foreignText('p', 'description');
  const knowledge = createKnowledge();
  const stalled = createStalled();
  const actions = createActions();
  const whole = element(
    'header',
    'head',
    element('div', 'title', type, name, state),
    element('p', 'place', host, kind, elsewhere),
    description,
    knowledge.element,
    stalled.element,
    actions.element,
  );
  return {
    element: whole,
    update(shown, now) {
      const { operation } = shown;
      if (shownType !== operation.type) {
        shownType = operation.type;
        type.replaceChildren(typeIcon(operation.type));
        type.setAttribute('role', 'img');
        type.setAttribute('aria-label', typeText(operation.type));
        type.title = typeText(operation.type);
      }
      setWholeText(name, operation.name);
      setText(status, statusWord(operation.shownStatus));
      setWholeText(host, operation.hostName);
      setWholeText(kind, operation.kind);
      setWholeText(description, operation.description);
      setWholeText(elsewhere, originText(operation));
      knowledge.update(operation, now);
      stalled.update(operation, now);
      actions.update(shown, now);
      setAttribute(document.body, 'data-tone', statusTone(operation.shownStatus));
    },
  };
}
