/** A titled list of cards, as many beside each other as fit, of which only the rows in and near sight exist. */
import {
  defaultRangeExtractor,
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { element, setAttribute, setHidden, setText } from '../shared/dom';
import { formatCount } from '../shared/format';
import type { Card } from './card';
import { estimatedHeight } from './estimatedHeight';
import { rowsOf } from './layout';

/** Rows beyond the window's edges, so that scrolling by the wheel meets no gaps. They come after what can be seen. */
const mostOverscan = 2;
/** A row that turns out lower than thought may let further ones into sight, and those again. */
const maxPasses = 5;

export interface CardSource {
  /** The card of an operation, up to date; made where there is none. */
  cardFor(operation: DashboardOperation): Card;
  /** The grid has drawn other rows than before, of its own accord. */
  onDrawn(grid: CardGrid): void;
}

export class CardGrid {
  readonly element: HTMLElement;
  private readonly list = element('div', 'grid');
  private readonly total = element('span', 'section-count');
  private readonly drawn = new Map<number, HTMLElement>();
  private readonly virtualizer: Virtualizer<Window, HTMLElement>;
  private rows: DashboardOperation[][] = [];
  private size = 0;
  private columns = 1;
  private kept: string | undefined;
  private overscan = 0;
  private isRestDue = false;
  private scrollMargin = 0;
  private stickyHeight = 0;
  private isDrawing = false;
  private isStale = false;

  constructor(
    title: string,
    private readonly source: CardSource,
  ) {
    this.list.setAttribute('role', 'list');
    this.list.setAttribute('aria-label', title);
    this.element = element('section', 'section', element('h2', '', title, ' ', this.total), this.list);
    this.virtualizer = new Virtualizer(this.options());
  }

  place(operations: readonly DashboardOperation[], columns: number): void {
    const isReflowed = columns !== this.columns;
    this.size = operations.length;
    this.columns = columns;
    this.rows = rowsOf(operations, columns);
    setHidden(this.element, operations.length === 0);
    setText(this.total, formatCount(operations.length));
    if (isReflowed) {
      this.list.style.setProperty('--columns', String(columns));
      this.forgetHeights();
    }
    this.align();
    this.draw();
    this.drawRest();
  }

  /** Once, when the page has nothing better to do: what is in sight is there first. */
  private drawRest(): void {
    if (!this.isRestDue && this.size > 0) {
      this.isRestDue = true;
      requestIdleCallback(
        () => {
          this.overscan = mostOverscan;
          this.draw();
          this.source.onDrawn(this);
        },
        { timeout: 500 },
      );
    }
  }

  /** Says so at once, where nothing is to be drawn before it is known where the list begins. */
  private forgetHeights(): void {
    this.isDrawing = true;
    this.virtualizer.measure();
    this.isDrawing = false;
  }

  /** Whatever stands above may have grown. */
  realign(): void {
    if (this.align()) {
      this.draw();
    }
  }

  /** Scrolls as little as it takes to see the card, and returns it. */
  reveal(index: number, stickyHeight: number): Card | undefined {
    const row = Math.floor(index / this.columns);
    const operation = this.rows[row]?.[index % this.columns];
    if (operation === undefined) {
      return undefined;
    }
    this.stickyHeight = stickyHeight;
    this.draw(operation.id);
    this.virtualizer.scrollToIndex(row, { align: 'auto' });
    return this.source.cardFor(operation);
  }

  /** In pixels, with the gap below it. */
  rowHeight(index: number): number {
    return this.virtualizer.measurementsCache[Math.floor(index / this.columns)]?.size ?? 0;
  }

  private options(): VirtualizerOptions<Window, HTMLElement> {
    const keptRow = this.rows.findIndex((row) => row.some(({ id }) => id === this.kept));
    return {
      count: this.rows.length,
      getScrollElement: () => window,
      estimateSize: (row) => estimatedHeight(this.rows[row] ?? []),
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      onChange: () => this.onChange(),
      overscan: this.overscan,
      scrollMargin: this.scrollMargin,
      scrollPaddingStart: this.stickyHeight,
      rangeExtractor: (range) => {
        const rows = range.overscan === 0 && this.isBelow() ? [] : defaultRangeExtractor(range);
        return keptRow < 0 || rows.includes(keptRow) ? rows : [...rows, keptRow].sort((a, b) => a - b);
      },
    };
  }

  /** All of it is out of sight. */
  private isBelow(): boolean {
    return this.scrollMargin >= window.scrollY + window.innerHeight;
  }

  private onChange(): void {
    if (this.isDrawing) {
      this.isStale = true;
    } else {
      this.draw();
      this.source.onDrawn(this);
    }
  }

  private align(): boolean {
    const before = this.scrollMargin;
    this.scrollMargin = this.list.getBoundingClientRect().top + window.scrollY;
    return before !== this.scrollMargin;
  }

  /** `kept`: exists wherever it is; the focus would be lost with it. */
  private draw(kept = focusedId()): void {
    this.isDrawing = true;
    this.kept = kept;
    this.virtualizer.setOptions(this.options());
    this.virtualizer._willUpdate();
    let passes = 0;
    do {
      this.isStale = false;
      this.drawRows();
      passes += 1;
    } while (this.isStale && passes < maxPasses);
    this.isDrawing = false;
  }

  private drawRows(): void {
    const indexes = this.virtualizer.getVirtualItems().map(({ index }) => index);
    this.removeAllBut(new Set(indexes));
    indexes.forEach((index, at) => {
      const row = this.drawn.get(index) ?? this.addRow(index);
      fill(row, this.cardsOf(index));
      if (this.list.children[at] !== row) {
        this.list.insertBefore(row, this.list.children[at] ?? null);
      }
    });
    for (const index of indexes) {
      this.virtualizer.measureElement(this.drawn.get(index) ?? null);
    }
    this.list.style.height = `${this.virtualizer.getTotalSize()}px`;
    for (const { index, start } of this.virtualizer.getVirtualItems()) {
      const row = this.drawn.get(index);
      if (row !== undefined) {
        row.style.transform = `translateY(${start - this.scrollMargin}px)`;
      }
    }
  }

  private cardsOf(index: number): Card[] {
    return (this.rows[index] ?? []).map((operation, column) => {
      const card = this.source.cardFor(operation);
      card.place(index * this.columns + column + 1, this.size);
      return card;
    });
  }

  private addRow(index: number): HTMLElement {
    const row = element('div', 'row');
    row.setAttribute('role', 'presentation');
    setAttribute(row, 'data-index', String(index));
    this.drawn.set(index, row);
    return row;
  }

  private removeAllBut(kept: ReadonlySet<number>): void {
    for (const [index, row] of this.drawn) {
      if (!kept.has(index)) {
        row.remove();
        this.drawn.delete(index);
      }
    }
    // Lets go of what is no longer there.
    this.virtualizer.measureElement(null);
  }
}

const focusedId = (): string | undefined =>
  document.activeElement?.closest<HTMLElement>('.card')?.dataset['id'];

/** Moves as few cards as it can: a moved element loses focus. */
function fill(row: HTMLElement, cards: readonly Card[]): void {
  const wanted = new Set<Element>(cards.map((card) => card.element));
  for (const child of [...row.children]) {
    if (!wanted.has(child)) {
      child.remove();
    }
  }
  cards.forEach((card, at) => {
    if (row.children[at] !== card.element) {
      row.insertBefore(card.element, row.children[at] ?? null);
    }
  });
}
