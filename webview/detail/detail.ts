/** Wires the page of one operation: snapshots and the log's end come in, wishes go out. */
import '../shared/l10n';
import * as l10n from '@vscode/l10n';
import { canAct } from '../../src/operations/applicable';
import { isAgeing } from '../../src/operations/knowledge';
import { isTerminal } from '../../src/operations/status';
import type { DetailSnapshot, ToWebview } from '../../src/views/detail/protocol';
import { element, foreignText, setWholeText, setHidden, setText } from '../shared/dom';
import { Ticker } from '../shared/ticker';
import { registerButtons } from '../shared/toolkit';
import { createAttempts } from './attempts';
import { createCourses, createUse } from './charts';
import { createCommand, createEnvironment } from './command';
import { createFacts } from './facts';
import { createHead } from './head';
import { createHostPart } from './hostPart';
import { post, remember } from './host';
import { createLog } from './log';
import type { Shown } from './part';
import { createProgressPart } from './progressPart';
import { createTimeline } from './timeline';
import { createWhy } from './why';

registerButtons();

const root = document.getElementById('root') ?? document.body;
const head = createHead();
const facts = createFacts();
const attempts = createAttempts();
const story = [createWhy(), createProgressPart(), createCourses(), createUse()];
const side = [facts, createTimeline(), createCommand(), createEnvironment(), createHostPart()];
const log = createLog();
const problem = foreignText('p', 'problem');
problem.setAttribute('role', 'alert');
const empty = element('p', 'empty');
const page = element(
  'main',
  'page',
  head.element,
  attempts.element,
  problem,
  element(
    'div',
    'columns',
    element('div', 'column', ...story.map((part) => part.element), log.element),
    element('div', 'column', ...side.map((part) => part.element)),
  ),
);
const nothing = element('main', 'page', empty);

/** How far this clock is ahead of the one that the times come from. */
let aheadMs = 0;
let last: Shown | undefined;
const clock = () => Date.now() - aheadMs;
const ticker = new Ticker(() => {
  if (last) {
    head.update(last, clock());
    facts.update(last, clock());
  }
});

function draw(snapshot: DetailSnapshot): void {
  remember(snapshot.id);
  aheadMs = Date.now() - snapshot.takenAtMs;
  const { operation } = snapshot;
  last = operation && { ...snapshot, operation };
  ticker.want(operation !== undefined && (isAgeing(operation) || !isTerminal(operation.status)));
  if (!last) {
    setText(
      empty,
      snapshot.isLoading ? l10n.t('Loading…') : l10n.t('This operation is not in the list any more.'),
    );
    show(nothing);
    return;
  }
  for (const part of [head, attempts, ...story, ...side]) {
    part.update(last, clock());
  }
  setHidden(log.element, !canAct(last.operation));
  setWholeText(problem, snapshot.problem);
  show(page);
}

function show(wanted: HTMLElement): void {
  if (!root.contains(wanted)) {
    root.replaceChildren(wanted);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => {
  if (data.type === 'snapshot') {
    draw(data.snapshot);
  } else {
    log.update(data.log);
  }
});

post({ type: 'ready' });
