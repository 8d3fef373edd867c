/**
 * How a row looks; `essence` is that without what moves by itself. `known`: of what its tooltip tells, what may become known
 * only later. `calmMs`: how often it is drawn at most while only what moves by itself is new.
 */
export interface RowLook {
  whole: string;
  essence: string;
  known?: string;
  calmMs: number;
}

interface DrawnRow extends RowLook {
  atMs: number;
}

/** For a row with buttons: a click is lost if the button that it began on is drawn anew before it ends. */
export const calmMs = 10_000;

/** For a row without: with every look at its host, which come 2 s apart. */
export const livelyMs = 1_500;

/** What moves by itself leaves a tooltip alone for so long. */
export const readingMs = 10_000;

/** VS Code keeps a tooltip until its row is drawn anew: what it says of "now" is true for so long. */
export const tooltipLastsMs = 30_000;

/** Knows the rows that VS Code has drawn, and which of them it has to draw anew: a row drawn anew closes its tooltip. */
export class Redraws<Row> {
  readonly #drawn = new Map<Row, DrawnRow>();
  readonly #tooltips = new Map<Row, { atMs: number; known: string | undefined }>();

  constructor(private readonly nowMs: () => number) {}

  noteDrawn(row: Row, look: RowLook): void {
    this.#drawn.set(row, { ...look, atMs: this.nowMs() });
    this.#tooltips.delete(row);
  }

  noteTooltip(row: Row, known?: string): void {
    this.#tooltips.set(row, { atMs: this.nowMs(), known });
  }

  /** Those that look different now, or whose tooltip is old or could tell more. @param lookOf `undefined`: the row is gone */
  due(lookOf: (row: Row) => RowLook | undefined): Row[] {
    const now = this.nowMs();
    const due: Row[] = [];
    for (const [row, drawn] of this.#drawn) {
      const look = lookOf(row);
      if (!look) {
        this.#forget(row);
      } else if (this.#isNews(row, drawn, look, now) || this.#isTooltipOver(row, look, now)) {
        this.noteDrawn(row, look);
        due.push(row);
      }
    }
    return due;
  }

  #isNews(row: Row, drawn: DrawnRow, { whole, essence, calmMs }: RowLook, now: number): boolean {
    if (drawn.whole === whole || drawn.essence !== essence) {
      return drawn.whole !== whole;
    }
    const readSinceMs = this.#tooltips.get(row)?.atMs ?? -Infinity;
    return now - drawn.atMs >= calmMs && now - readSinceMs >= readingMs;
  }

  #isTooltipOver(row: Row, { known }: RowLook, now: number): boolean {
    const tooltip = this.#tooltips.get(row);
    return tooltip !== undefined && (now - tooltip.atMs > tooltipLastsMs || tooltip.known !== known);
  }

  #forget(row: Row): void {
    this.#drawn.delete(row);
    this.#tooltips.delete(row);
  }
}
