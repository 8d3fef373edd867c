/** One operation. Built once, then patched; each part decides what of it changed. */
import * as l10n from '@vscode/l10n';
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { canKill, changeOf, hasLog } from '../../src/operations/applicable';
import { isAgeing } from '../../src/operations/knowledge';
import { isTerminal } from '../../src/operations/status';
import { element, foreignText, setAttribute, setForeignText, setHidden, setText } from '../shared/dom';
import { createFacts, createTimes, isTicking } from './facts';
import { typeIcon } from '../shared/icons';
import { createKnowledge } from './knowledge';
import { createMetrics } from './metrics';
import { looksLike } from './model';
import type { Part } from './part';
import { createProgress } from './progress';
import { createStalled } from './stalled';
import { post } from './host';
import { statusTone, statusWord, typeWord } from '../shared/words';
import { createButton, describeButton } from '../shared/toolkit';

type Change = 'pause' | 'resume' | 'resubmit';
const changeWords: Record<Change, () => string> = {
  pause: () => l10n.t('Pause'),
  resume: () => l10n.t('Resume'),
  resubmit: () => l10n.t('Resubmit'),
};
const changeWord = (change: Change): string => changeWords[change]();

export class Card {
  readonly element: HTMLLIElement;
  private readonly times = createTimes();
  private readonly knowledge = createKnowledge();
  private readonly parts: readonly Part[];
  private isDrawn = false;

  constructor(private operation: DashboardOperation) {
    const progress = createProgress();
    const metrics = createMetrics();
    const stalled = createStalled();
    const failure = createFailure();
    const waiting = createWaiting();
    const head = createHead(operation);
    const facts = createFacts();
    const actions = createActions(operation.id);
    this.parts = [
      head,
      progress,
      metrics,
      stalled,
      failure,
      waiting,
      this.knowledge,
      this.times,
      facts,
      actions,
    ];
    this.element = element(
      'li',
      'card',
      head.element,
      progress.element,
      metrics.element,
      stalled.element,
      failure.element,
      waiting.element,
      this.knowledge.element,
      this.times.element,
      element('div', 'foot', facts.element, actions.element),
    );
    this.element.dataset['id'] = operation.id;
  }

  get id(): string {
    return this.operation.id;
  }

  /** `always`: even if the operation did not change, because what it is shown with did. */
  update(operation: DashboardOperation, now: number, always: boolean): void {
    const isDrawn = this.isDrawn && !always && looksLike(this.operation, operation);
    this.operation = operation;
    if (isDrawn) {
      return;
    }
    this.isDrawn = true;
    setAttribute(this.element, 'data-type', operation.type);
    setAttribute(this.element, 'data-tone', statusTone(operation.shownStatus));
    for (const part of this.parts) {
      part.update(operation, now);
    }
  }

  get isTicking(): boolean {
    return isTicking(this.operation) || isAgeing(this.operation);
  }

  tick(now: number): void {
    this.times.update(this.operation, now);
    this.knowledge.update(this.operation, now);
  }

  /** Where the focus goes when the focused button of this card went away. */
  focusFirst(): void {
    this.element.querySelector<HTMLElement>('vscode-button:not([hidden])')?.focus({ preventScroll: true });
  }
}

function createHead(operation: DashboardOperation): Part {
  const name = foreignText('h3', 'name');
  const host = foreignText('span', 'host');
  const kind = foreignText('span', 'kind');
  const elsewhere = element('span', 'elsewhere', 'submitted elsewhere');
  const status = element('span', 'status-word');
  const typeMark = element('span', 'type', typeIcon(operation.type));
  typeMark.setAttribute('role', 'img');
  typeMark.setAttribute('aria-label', typeWord(operation.type));
  typeMark.title = typeWord(operation.type);
  const state = element('span', 'status', element('span', 'dot'), status);
  return {
    element: element('div', 'head', typeMark, name, state, element('div', 'place', host, kind, elsewhere)),
    update({ name: text, hostName, kind: what, shownStatus, description, origin }) {
      setForeignText(name, text, description === undefined ? text : `${text}\n\n${description}`);
      setForeignText(host, hostName);
      setForeignText(kind, what);
      setText(status, statusWord(shownStatus));
      setHidden(elsewhere, origin !== 'found');
    },
  };
}

function createFailure(): Part {
  const text = foreignText('div', 'failure');
  return {
    element: text,
    update({ error }) {
      setForeignText(text, error);
    },
  };
}

/** What it is queued for. */
function createWaiting(): Part {
  const text = foreignText('div', 'waiting');
  return {
    element: text,
    update({ waitsFor }) {
      setForeignText(text, waitsFor && waitsFor.charAt(0).toUpperCase() + waitsFor.slice(1));
    },
  };
}

function createActions(id: string): Part {
  const log = createButton({
    label: 'Log',
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'action', action: 'showLog', id }),
  });
  const kill = createButton({
    label: 'Kill',
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'action', action: 'kill', id }),
  });
  let act: Change = 'pause';
  const change = createButton({
    label: '',
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'action', action: act, id }),
  });
  return {
    element: element('div', 'actions', log, change, kill),
    update(operation) {
      setHidden(log, !hasLog(operation));
      setHidden(kill, !canKill(operation));
      const offered = changeOf(operation);
      act = offered ?? act;
      setHidden(change, offered === undefined);
      setText(change, changeWord(act));
      describeButton(change, offered ? `${changeWord(act)} ${operation.name}` : changeWord(act));
      describeButton(log, `Show log of ${operation.name}`);
      describeButton(kill, isTerminal(operation.status) ? 'Kill' : `Kill ${operation.name}`);
    },
  };
}
