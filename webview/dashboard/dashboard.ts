/** Wires the dashboard: snapshots and changes come in, actions go out. */
import '../shared/l10n';
import type { DashboardSnapshot, ToWebview } from '../../src/views/dashboard/protocol';
import { Board } from './board';
import { element, setAttribute } from '../shared/dom';
import { EmptyState } from './emptyState';
import { Header } from './header';
import { HostStrip } from './hostStrip';
import { listen } from './keyboard';
import { Session } from './session';
import { Ticker } from '../shared/ticker';
import { registerButtons } from '../shared/toolkit';
import { post, recall, remember } from './host';

registerButtons();

const root = document.getElementById('root') ?? document.body;
const session = new Session();
const header = new Header();
const empty = new EmptyState();
const hosts = new HostStrip((areOpen) => {
  board.realign();
  post({ type: 'showHosts', shown: areOpen });
});
const board = new Board(header.bar, () => ticker.want(board.isTicking || hosts.isTicking));
/** How far this clock is ahead of the one that the times come from. */
let aheadMs = 0;
const clock = () => Date.now() - aheadMs;
const ticker = new Ticker(() => {
  board.tick(clock());
  hosts.tick(clock());
});
const main = element('main', 'main', ...header.notices, hosts.element, empty.element, ...board.elements);
listen(main, board);

const remembered = recall();
/** Where the page was before it was hidden, until it could be scrolled there. */
let scrollY = remembered?.scrollY ?? 0;

function scrollBack(): void {
  if (scrollY > 0) {
    window.scrollTo({ top: scrollY });
    scrollY = 0;
  }
}

function draw(snapshot: DashboardSnapshot, isRemembered: boolean): void {
  if (!isRemembered) {
    aheadMs = Date.now() - snapshot.takenAtMs;
  }
  if (!root.contains(main)) {
    root.replaceChildren(header.bar, main);
  }
  const now = clock();
  header.update(snapshot, now, isRemembered);
  hosts.update(snapshot, now);
  empty.update(snapshot);
  board.update(snapshot, now);
  scrollBack();
  setAttribute(main, 'aria-busy', isRemembered ? 'true' : undefined);
}

/** What arrives before the snapshot that was asked for does not make it ask again. */
let isAsked = true;

window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => {
  const snapshot = session.receive(data);
  if (snapshot !== undefined) {
    isAsked = false;
    draw(snapshot, false);
    remember(snapshot);
  } else if (!isAsked) {
    isAsked = true;
    post({ type: 'ready' });
  }
});

if (remembered?.snapshot !== undefined) {
  draw(remembered.snapshot, true);
}
post({ type: 'ready' });
