/** All cards that exist, by id: which they are, in which grid, which of them tick, and which has the focus. */
import * as l10n from '@vscode/l10n';
import type { DashboardOperation, DashboardSnapshot } from '../../src/views/dashboard/protocol';
import { Card } from './card';
import { CardGrid, type CardSource } from './cardGrid';
import { columnsIn, moved, type Place } from './layout';
import { arrange } from './model';

export class Board implements CardSource {
  private readonly cards = new Map<string, Card>();
  private readonly active = new CardGrid(l10n.t('Active'), this);
  private readonly ended = new CardGrid(l10n.t('Ended'), this);
  private readonly grids = [this.active, this.ended];
  private sections: DashboardOperation[][] = [[], []];
  private columns = 1;
  private now = 0;
  private isNewDay = false;
  private tabStop: string | undefined;

  readonly elements = this.grids.map((grid) => grid.element);

  /** `onDrawn`: other cards exist than before. */
  constructor(
    private readonly header: HTMLElement,
    private readonly onChange: () => void,
  ) {
    window.addEventListener('resize', () => this.layOut());
  }

  update(snapshot: DashboardSnapshot, now: number): void {
    // Times of another day are shown with their date.
    this.isNewDay = new Date(this.now).toDateString() !== new Date(now).toDateString();
    this.now = now;
    const focused = document.activeElement;
    const place = this.placeOf(cardIdOf(focused));
    const { active, ended } = arrange(snapshot.operations, snapshot.sort !== undefined);
    this.sections = [active, ended];
    this.layOut();
    this.isNewDay = false;
    this.restoreFocus(focused, place);
  }

  cardFor(operation: DashboardOperation): Card {
    let card = this.cards.get(operation.id);
    if (card === undefined) {
      card = new Card(operation);
      this.cards.set(operation.id, card);
    }
    card.update(operation, this.now, this.isNewDay);
    return card;
  }

  onDrawn(grid: CardGrid): void {
    if (grid === this.active) {
      this.ended.realign();
    }
    this.tidy();
    this.onChange();
  }

  get isTicking(): boolean {
    return [...this.cards.values()].some((card) => card.isTicking);
  }

  tick(now: number): void {
    this.now = now;
    for (const card of this.cards.values()) {
      if (card.isTicking) {
        card.tick(now);
      }
    }
  }

  operation(id: string): DashboardOperation | undefined {
    return this.cards.get(id)?.operation;
  }

  /** Where Tab enters the cards. */
  select(id: string): void {
    this.tabStop = id;
    this.placeTabStop();
  }

  /** What stands above has another height. */
  realign(): void {
    this.grids.forEach((grid) => grid.realign());
    this.onChange();
  }

  /** Moves the focus as the key says; whether it did. */
  move(key: string, id: string): boolean {
    const from = this.placeOf(id);
    const to = from && moved(key, from, this.shape(from));
    return to !== undefined && this.focus(to);
  }

  private focus(place: Place): boolean {
    const card = this.grids[place.section]?.reveal(place.index, this.stickyHeight());
    if (card === undefined) {
      return false;
    }
    if (this.isInFirstRow(place)) {
      // With what stands above the cards.
      window.scrollTo({ top: 0 });
      card.element.scrollIntoView({ block: 'nearest' });
    }
    this.select(card.id);
    card.element.focus({ preventScroll: true });
    this.tidy();
    return true;
  }

  private isInFirstRow({ section, index }: Place): boolean {
    return index < this.columns && this.sections.slice(0, section).every(({ length }) => length === 0);
  }

  private shape(from: Place) {
    const rowHeight = this.grids[from.section]?.rowHeight(from.index) ?? 0;
    const page = Math.floor((window.innerHeight - this.stickyHeight()) / Math.max(1, rowHeight));
    const sizes = this.sections.map(({ length }) => length);
    return { sizes, columns: this.columns, page: Math.max(1, page) };
  }

  /** How much of the window the header covers. */
  private stickyHeight(): number {
    return getComputedStyle(this.header).position === 'sticky' ? this.header.offsetHeight : 0;
  }

  private placeOf(id: string | undefined): Place | undefined {
    for (const [section, operations] of this.sections.entries()) {
      const index = operations.findIndex((operation) => operation.id === id);
      if (index >= 0) {
        return { section, index };
      }
    }
    return undefined;
  }

  private layOut(): void {
    this.columns = columnsIn(this.width());
    this.grids.forEach((grid, at) => grid.place(this.sections[at] ?? [], this.columns));
    this.tidy();
    this.onChange();
  }

  private width(): number {
    const parent = this.active.element.parentElement;
    if (parent === null) {
      return 0;
    }
    const { paddingLeft, paddingRight } = getComputedStyle(parent);
    return parent.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  }

  /** Forgets the cards that are in no row any more. */
  private tidy(): void {
    for (const [id, card] of this.cards) {
      if (!card.element.isConnected) {
        this.cards.delete(id);
      }
    }
    this.placeTabStop();
  }

  private placeTabStop(): void {
    const isThere = this.tabStop !== undefined && this.cards.has(this.tabStop);
    const id = isThere ? this.tabStop : this.cards.keys().next().value;
    for (const card of this.cards.values()) {
      card.isTabStop = card.id === id;
    }
  }

  /** A card that changed its place, or whose button no longer applies, has lost the focus. */
  private restoreFocus(focused: Element | null, place: Place | undefined): void {
    const id = cardIdOf(focused);
    if (id === undefined || !(focused instanceof HTMLElement)) {
      return;
    }
    const card = this.cards.get(id);
    if (card === undefined) {
      this.focusNear(place);
    } else if (focused.hasAttribute('hidden')) {
      card.element.focus({ preventScroll: true });
    } else if (document.activeElement !== focused) {
      focused.focus({ preventScroll: true });
    }
  }

  /** The card is gone: the one in its place has the focus. */
  private focusNear(place: Place | undefined): void {
    const size = (place && this.sections[place.section]?.length) ?? 0;
    if (place !== undefined && size > 0) {
      this.focus({ section: place.section, index: Math.min(place.index, size - 1) });
    }
  }
}

export const cardIdOf = (target: Element | null): string | undefined =>
  target?.closest<HTMLElement>('.card')?.dataset['id'];
