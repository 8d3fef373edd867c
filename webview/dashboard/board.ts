/** All cards, by id: which exist, in which grid, and which of them tick. */
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { Card } from './card';
import { CardGrid } from './cardGrid';
import { arrange } from './model';

export class Board {
  private readonly cards = new Map<string, Card>();
  private today = '';
  private readonly active = new CardGrid('Active');
  private readonly ended = new CardGrid('Ended');
  readonly elements = [this.active.element, this.ended.element];

  update(operations: readonly DashboardOperation[], now: number): void {
    const focused = document.activeElement;
    // Times of another day are shown with their date.
    const today = new Date(now).toDateString();
    const isNewDay = this.today !== today;
    this.today = today;
    this.removeAllBut(new Set(operations.map(({ id }) => id)));
    const { active, ended } = arrange(operations);
    this.active.place(active.map((operation) => this.patch(operation, now, isNewDay)));
    this.ended.place(ended.map((operation) => this.patch(operation, now, isNewDay)));
    this.restoreFocus(focused);
  }

  get isTicking(): boolean {
    return [...this.cards.values()].some((card) => card.isTicking);
  }

  tick(now: number): void {
    for (const card of this.cards.values()) {
      if (card.isTicking) {
        card.tick(now);
      }
    }
  }

  private patch(operation: DashboardOperation, now: number, always: boolean): Card {
    let card = this.cards.get(operation.id);
    if (card === undefined) {
      card = new Card(operation);
      this.cards.set(operation.id, card);
    }
    card.update(operation, now, always);
    return card;
  }

  private removeAllBut(kept: ReadonlySet<string>): void {
    for (const [id, card] of this.cards) {
      if (!kept.has(id)) {
        card.element.remove();
        this.cards.delete(id);
      }
    }
  }

  /** A card that changed its place, or whose button no longer applies, has lost the focus. */
  private restoreFocus(focused: Element | null): void {
    const id = focused?.closest<HTMLElement>('.card')?.dataset['id'];
    const card = id === undefined ? undefined : this.cards.get(id);
    if (card === undefined || !(focused instanceof HTMLElement)) {
      return;
    }
    if (focused.hasAttribute('hidden')) {
      card.focusFirst();
    } else if (document.activeElement !== focused) {
      focused.focus({ preventScroll: true });
    }
  }
}
