/** Wires the dashboard: snapshots come in, actions go out. */
import '../shared/l10n';
import type { DashboardSnapshot, ToWebview } from '../../src/views/dashboard/protocol';
import { Board } from './board';
import { element, setAttribute } from '../shared/dom';
import { EmptyState } from './emptyState';
import { Header } from './header';
import { Ticker } from '../shared/ticker';
import { registerButtons } from '../shared/toolkit';
import { post, recall, remember } from './host';

registerButtons();

const root = document.getElementById('root') ?? document.body;
const header = new Header();
const empty = new EmptyState();
const board = new Board();
/** How far this clock is ahead of the one that the times come from. */
let aheadMs = 0;
const clock = () => Date.now() - aheadMs;
const ticker = new Ticker(() => board.tick(clock()));
const main = element('main', 'main', empty.element, ...board.elements);

function draw(snapshot: DashboardSnapshot, isRemembered: boolean): void {
  if (!isRemembered) {
    aheadMs = Date.now() - snapshot.takenAtMs;
  }
  const now = clock();
  header.update(snapshot, now, isRemembered);
  empty.update(snapshot);
  board.update(snapshot.operations, now);
  ticker.want(board.isTicking);
  setAttribute(main, 'aria-busy', isRemembered ? 'true' : undefined);
  if (!root.contains(main)) {
    root.replaceChildren(...header.elements, main);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => {
  if (data.type === 'snapshot') {
    draw(data.snapshot, false);
    remember(data.snapshot);
  }
});

const remembered = recall();
if (remembered !== undefined) {
  draw(remembered, true);
}
post({ type: 'ready' });
