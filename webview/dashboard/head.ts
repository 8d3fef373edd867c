/** What it is: icon, name and status on one line, the place below. */
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { element, foreignText, setForeignText, setText } from '../shared/dom';
import { typeIcon } from '../shared/icons';
import { originText } from '../shared/origin';
import { typeText } from '../../src/operations/typeText';
import { statusWord } from '../shared/words';
import { post } from './host';
import type { Part } from './part';

export interface Head extends Part {
  /** Ids of the elements that name the card. */
  readonly labels: readonly string[];
}

export function createHead({ id, type }: DashboardOperation, key: string): Head {
  const name = createName(id);
  const host = foreignText('span', 'host');
  const kind = foreignText('span', 'kind');
  const elsewhere = foreignText('span', 'elsewhere');
  const status = element('span', 'status-word');
  const typeMark = element('span', 'type', typeIcon(type));
  typeMark.setAttribute('role', 'img');
  typeMark.setAttribute('aria-label', typeText(type));
  typeMark.title = typeText(type);
  const state = element('span', 'status', element('span', 'dot'), status);
  const place = element('div', 'place', host, kind, elsewhere);
  const labels = [name, typeMark, status, place].map((label, at) => {
    label.id = `${key}-label-${at}`;
    return label.id;
  });
  return {
    element: element('div', 'head', typeMark, element('h3', 'title', name), state, place),
    labels,
    update({ name: text, hostName, kind: what, shownStatus, description, ...from }) {
      setForeignText(name, text, description === undefined ? text : `${text}\n\n${description}`);
      setForeignText(host, hostName);
      setForeignText(kind, what);
      setText(status, statusWord(shownStatus));
      setForeignText(elsewhere, originText(from));
    },
  };
}

/** Leads to the details, as Enter on the card does: no stop of its own for Tab. */
function createName(id: string): HTMLButtonElement {
  const name = foreignText('button', 'name');
  name.type = 'button';
  name.tabIndex = -1;
  name.addEventListener('click', () => post({ type: 'action', action: 'showDetails', id }));
  return name;
}
