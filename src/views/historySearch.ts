import type { OperationView } from '../operations/operationView';
import { isTerminal } from '../operations/status';

/** More matches than this are not read, but narrowed by another word. */
export const mostFound = 200;

export interface Found {
  views: OperationView[];
  /** How many more match. */
  more: number;
}

/** What a view is found by. */
export type HaystackOf = (view: OperationView) => readonly string[];

/** What has ended and holds every word of the text somewhere, in any case; latest first. */
export class HistorySearch {
  readonly #entries: readonly { view: OperationView; haystack: string }[];

  constructor(views: readonly OperationView[], haystackOf: HaystackOf) {
    this.#entries = views
      .filter(({ status }) => isTerminal(status))
      .sort((a, b) => (endOf(a) < endOf(b) ? 1 : endOf(a) > endOf(b) ? -1 : 0))
      .map((view) => ({ view, haystack: haystackOf(view).join('\n').toLowerCase() }));
  }

  find(text: string): Found {
    const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
    const found = this.#entries.filter(({ haystack }) => words.every((word) => haystack.includes(word)));
    return {
      views: found.slice(0, mostFound).map(({ view }) => view),
      more: Math.max(0, found.length - mostFound),
    };
  }
}

const endOf = ({ endedAt, submittedAt }: OperationView): string => endedAt ?? submittedAt;
