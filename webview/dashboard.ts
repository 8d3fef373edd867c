/** Wires the dashboard: snapshots come in, actions go out. */
import type { DashboardSnapshot, ToWebview } from '../src/views/dashboard/protocol';
import { Board } from './board';
import { element, setAttribute } from './dom';
import { EmptyState } from './emptyState';
import { Header } from './header';
import { Ticker } from './ticker';
import { registerButtons } from './toolkit';
import { post, recall, remember } from './vscodeApi';

registerButtons();

const root = document.getElementById('root') ?? document.body;
const header = new Header();
const empty = new EmptyState();
const board = new Board();
const ticker = new Ticker(() => board.tick(Date.now()));
const main = element('main', 'main', empty.element, ...board.elements);

function draw(snapshot: DashboardSnapshot, isRemembered: boolean): void {
  const now = Date.now();
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
