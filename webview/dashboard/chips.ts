/** What narrows and orders the cards: each can be changed by a click, the filter cleared by another. */
import * as l10n from '@vscode/l10n';
import type { Surroundings } from '../../src/views/dashboard/protocol';
import { element, foreignText, setForeignText, setHidden } from '../shared/dom';
import { createIconButton } from '../shared/iconButton';
import { icon, type IconName } from '../shared/icons';
import { post } from './host';

export class Chips {
  readonly element: HTMLElement;
  private readonly filterText = foreignText('span', 'chip-text');
  private readonly filter: HTMLElement;
  private readonly sortText = foreignText('span', 'chip-text');
  private readonly sort: HTMLElement;

  constructor() {
    const clear = createIconButton('clear', () => post({ type: 'command', command: 'clearFilter' }));
    clear.describe(l10n.t('Clear Filter'), l10n.t('Clear Filter'));
    const change = createChipButton('filter', this.filterText, () =>
      post({ type: 'command', command: 'filter' }),
    );
    this.filter = element('div', 'chip filter', change, clear.element);
    const reorder = createChipButton('sort', this.sortText, () => post({ type: 'command', command: 'sort' }));
    this.sort = element('div', 'chip sort', reorder);
    this.element = element('div', 'chips', this.filter, this.sort);
  }

  update({ filter, sort }: Surroundings): void {
    setHidden(this.filter, filter === undefined);
    setForeignText(this.filterText, filter && l10n.t('Filter: {0}', filter));
    setHidden(this.sort, sort === undefined);
    setForeignText(this.sortText, sort && l10n.t('Sort: {0}', sort));
    setHidden(this.element, filter === undefined && sort === undefined);
  }
}

function createChipButton(name: IconName, text: HTMLElement, onClick: () => void): HTMLElement {
  const button = element('button', 'chip-button', icon(name), text);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}
