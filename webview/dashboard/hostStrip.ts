/** The hosts above the cards: a line about all of them, and a tile for each. Closed, no tile exists. */
import * as l10n from '@vscode/l10n';
import { isAway } from '../../src/operations/hostState';
import type { OverloadLimits } from '../../src/operations/overload';
import type { HostSummary } from '../../src/operations/summary';
import { isSame } from '../../src/views/dashboard/changes';
import type { DashboardSnapshot } from '../../src/views/dashboard/protocol';
import { element, setAttribute, setHidden, setText } from '../shared/dom';
import { formatCount } from '../shared/format';
import { icon } from '../shared/icons';
import { HostTile } from './hostTile';

/** With more than these it is closed, until the user opens it: the cards shall be in sight. */
const mostOpened = 4;
/** Until it is told what is too much, nothing is. */
const noLimits: OverloadLimits = { cpuPercent: 100, memoryMb: 0 };

export class HostStrip {
  readonly element: HTMLElement;
  private readonly list = element('ul', 'host-tiles');
  private readonly total = element('span', 'section-count');
  private readonly toggle = element(
    'button',
    'hosts-toggle',
    icon('chevron'),
    l10n.t('Hosts'),
    ' ',
    this.total,
  );
  private readonly sum = element('span', 'hosts-sum');
  private readonly tiles = new Map<string, HostTile>();
  private hosts: readonly HostSummary[] = [];
  private limits: OverloadLimits = noLimits;
  /** What the user chose, if anything: here, and earlier. */
  private chosen: boolean | undefined;
  private chosenBefore: boolean | undefined;
  /** Once there was one, its place is kept. */
  private hasGpus = false;
  private now = 0;

  /** @param onToggle the user has opened or closed it, and what is below it has moved */
  constructor(private readonly onToggle: (isOpen: boolean) => void) {
    this.list.id = 'host-tiles';
    // Without list markers some screen readers need the role said.
    this.list.setAttribute('role', 'list');
    this.list.setAttribute('aria-label', l10n.t('Hosts'));
    this.toggle.type = 'button';
    this.toggle.setAttribute('aria-controls', this.list.id);
    this.toggle.addEventListener('click', () => this.choose(!this.isOpen));
    const head = element('div', 'hosts-head', element('h2', '', this.toggle), this.sum);
    this.element = element('section', 'hosts', head, this.list);
    new ResizeObserver(() => this.makeReachable()).observe(this.list);
  }

  update({ hosts, areHostsShown, overload }: DashboardSnapshot, now: number): void {
    const isNewDay = new Date(this.now).toDateString() !== new Date(now).toDateString();
    const areOtherLimits = !isSame(this.limits, overload);
    this.hosts = hosts;
    this.limits = overload;
    this.chosenBefore = areHostsShown;
    this.now = now;
    setHidden(this.element, hosts.length === 0);
    setText(this.total, formatCount(hosts.length));
    setText(this.sum, sumText(hosts));
    this.draw(isNewDay || areOtherLimits);
  }

  get isTicking(): boolean {
    return [...this.tiles.values()].some((tile) => tile.isTicking);
  }

  tick(now: number): void {
    this.now = now;
    for (const tile of this.tiles.values()) {
      if (tile.isTicking) {
        tile.tick(now);
      }
    }
  }

  private get isOpen(): boolean {
    return this.chosen ?? this.chosenBefore ?? this.hosts.length <= mostOpened;
  }

  private choose(isOpen: boolean): void {
    this.chosen = isOpen;
    this.draw(true);
    this.onToggle(isOpen);
  }

  private draw(always: boolean): void {
    setAttribute(this.toggle, 'aria-expanded', String(this.isOpen));
    setHidden(this.list, !this.isOpen);
    const shown = this.isOpen ? this.hosts : [];
    this.hasGpus ||= shown.some(({ gpus }) => gpus !== undefined);
    setAttribute(this.list, 'data-gpus', this.hasGpus ? '' : undefined);
    this.removeAllBut(new Set(shown.map(({ id }) => id)));
    shown.forEach((host, at) => {
      const tile = this.tiles.get(host.id) ?? new HostTile();
      this.tiles.set(host.id, tile);
      tile.update(host, this.limits, this.now, always);
      if (this.list.children[at] !== tile.element) {
        this.list.insertBefore(tile.element, this.list.children[at] ?? null);
      }
    });
  }

  private removeAllBut(kept: ReadonlySet<string>): void {
    for (const [id, tile] of this.tiles) {
      if (!kept.has(id)) {
        tile.element.remove();
        this.tiles.delete(id);
      }
    }
  }

  /** What scrolls must be reached by keyboard. */
  private makeReachable(): void {
    const scrolls = this.list.scrollHeight > this.list.clientHeight;
    setAttribute(this.list, 'tabindex', scrolls ? '0' : undefined);
  }
}

/** `3 connected · 1 away · 6 of 9 GPUs in use`. */
function sumText(hosts: readonly HostSummary[]): string {
  const connected = hosts.filter(({ state }) => state === 'connected').length;
  const away = hosts.filter(({ state }) => isAway(state)).length;
  const counted = hosts.flatMap(({ gpus }) => gpus ?? []);
  const gpus = counted.reduce((sum, { total }) => sum + total, 0);
  const inUse = counted.reduce((sum, gpu) => sum + gpu.inUse, 0);
  return [
    connected > 0 && l10n.t('{0} connected', formatCount(connected)),
    away > 0 && l10n.t('{0} away', formatCount(away)),
    gpus > 0 && l10n.t('{0} of {1} GPUs in use', formatCount(inUse), formatCount(gpus)),
  ]
    .filter((part) => part !== false)
    .join(' · ');
}
