/** A titled grid of cards. Moves as few of them as it can: a moved element loses focus and scroll. */
import type { Card } from './card';
import { element, setHidden, setText } from '../shared/dom';
import { formatCount } from '../shared/format';

export class CardGrid {
  readonly element: HTMLElement;
  private readonly list = element('ul', 'grid');
  private readonly total = element('span', 'section-count');

  constructor(title: string) {
    // Without list markers some screen readers need the role said.
    this.list.setAttribute('role', 'list');
    this.element = element('section', 'section', element('h2', '', title, ' ', this.total), this.list);
    this.list.setAttribute('aria-label', title);
  }

  place(cards: readonly Card[]): void {
    setHidden(this.element, cards.length === 0);
    setText(this.total, formatCount(cards.length));
    let cursor = this.list.firstElementChild;
    for (const { element: wanted } of cards) {
      if (cursor !== null && cursor !== wanted && cursor.nextElementSibling === wanted) {
        // One card left its place: set it aside rather than shift all that follow.
        this.list.append(cursor);
        cursor = wanted;
      }
      if (cursor === wanted) {
        cursor = wanted.nextElementSibling;
      } else {
        this.list.insertBefore(wanted, cursor);
      }
    }
  }
}
