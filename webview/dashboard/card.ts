/** One operation. Built once, then patched; each part decides what of it changed. */
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { isAgeing } from '../../src/operations/knowledge';
import { statusTone } from '../../src/operations/statusTone';
import { createActions } from './actions';
import { createCause } from './cause';
import { contextOf } from './context';
import { element, setAttribute } from '../shared/dom';
import { createFacts, createTimes, isTicking } from './facts';
import { createHead } from './head';
import { createKnowledge } from './knowledge';
import { createMetrics } from './metrics';
import { looksLike } from './model';
import type { Part } from './part';
import { createProgress } from './progress';
import { createResources } from './resources';
import { createStalled } from './stalled';

let made = 0;

export class Card {
  readonly element: HTMLElement;
  private readonly times = createTimes();
  private readonly knowledge = createKnowledge();
  private readonly actions: Part;
  private readonly parts: readonly Part[];
  private shown: DashboardOperation | undefined;

  constructor(operation: DashboardOperation) {
    const key = `card-${++made}`;
    const head = createHead(operation, key);
    const body = [
      createProgress(),
      createMetrics(),
      createStalled(),
      createCause(),
      this.knowledge,
      // Beside the times: its place, while nothing is told of it, is not seen there.
      createResources(),
      this.times,
    ];
    const facts = createFacts();
    this.actions = createActions(operation.id);
    this.parts = [head, ...body, facts, this.actions];
    this.element = element(
      'div',
      'card',
      head.element,
      ...body.map((part) => part.element),
      element('div', 'foot', facts.element, this.actions.element),
    );
    this.id = operation.id;
    this.element.dataset['id'] = operation.id;
    this.element.tabIndex = -1;
    this.element.setAttribute('role', 'listitem');
    this.element.setAttribute('aria-labelledby', head.labels.join(' '));
    this.element.setAttribute('aria-describedby', describe(body, key));
    this.element.setAttribute('aria-keyshortcuts', 'Enter Delete');
  }

  readonly id: string;

  get operation(): DashboardOperation | undefined {
    return this.shown;
  }

  /** `always`: even if the operation did not change, because what it is shown with did. */
  update(operation: DashboardOperation, now: number, always: boolean): void {
    const isDrawn = this.shown !== undefined && !always && looksLike(this.shown, operation);
    this.shown = operation;
    if (isDrawn) {
      return;
    }
    setAttribute(this.element, 'data-tone', statusTone(operation.shownStatus));
    setAttribute(this.element, 'data-vscode-context', contextOf(operation));
    for (const part of this.parts) {
      part.update(operation, now);
    }
  }

  /** Which of how many cards of its list it is, those included that do not exist. */
  place(position: number, size: number): void {
    setAttribute(this.element, 'aria-posinset', String(position));
    setAttribute(this.element, 'aria-setsize', String(size));
  }

  /** Whether Tab leads to this card and from there to its buttons. */
  set isTabStop(isTabStop: boolean) {
    const index = isTabStop ? 0 : -1;
    if (this.element.tabIndex !== index) {
      this.element.tabIndex = index;
      for (const button of this.actions.element.querySelectorAll('button')) {
        button.tabIndex = index;
      }
    }
  }

  get isTicking(): boolean {
    return this.shown !== undefined && (isTicking(this.shown) || isAgeing(this.shown));
  }

  tick(now: number): void {
    if (this.shown !== undefined) {
      this.times.update(this.shown, now);
      this.knowledge.update(this.shown, now);
    }
  }
}

/** A screen reader says after the name what the card shows, without the times. */
function describe(parts: readonly Part[], key: string): string {
  return parts
    .filter((part) => part.isSpoken)
    .map((part, at) => {
      part.element.id = `${key}-part-${at}`;
      return part.element.id;
    })
    .join(' ');
}
