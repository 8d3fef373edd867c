/** A host at a glance: whether it answers, what it does, and what is on it. Built once, then patched. */
import * as l10n from '@vscode/l10n';
import { countsText } from '../../src/operations/countsText';
import { isCurrent } from '../../src/operations/hostFigures';
import { isTroubled } from '../../src/operations/hostState';
import type { HostState } from '../../src/operations/operationView';
import type { OverloadLimits } from '../../src/operations/overload';
import type { HostSummary } from '../../src/operations/summary';
import { element, foreignText, setAttribute, setForeignText, setOptionalText, setText } from '../shared/dom';
import { formatTime } from '../shared/format';
import { createHostMeters } from '../shared/hostMeters';

const stateWords: Record<HostState, () => string> = {
  idle: () => l10n.t('Not connected'),
  disconnected: () => l10n.t('Disconnected'),
  connecting: () => l10n.t('Connecting'),
  connected: () => l10n.t('Connected'),
  unreachable: () => l10n.t('Unreachable'),
  'needs-login': () => l10n.t('Needs login'),
  blocked: () => l10n.t('Blocked'),
};

export class HostTile {
  readonly element: HTMLLIElement;
  private readonly name = foreignText('span', 'host-name');
  private readonly state = element('span', 'host-state');
  private readonly meters = createHostMeters();
  private readonly counts = element('span', 'host-counts');
  private readonly age = element('span', 'host-age');
  private shown: HostSummary | undefined;
  private limits: OverloadLimits | undefined;
  private isOld = false;

  constructor() {
    const head = element('div', 'host-head', element('span', 'dot'), this.name, this.state);
    const foot = element('div', 'host-foot', this.counts, this.age);
    this.element = element('li', 'host-tile', head, this.meters.element, foot);
  }

  /** `always`: even if nothing of the host changed, because what it is shown with did. */
  update(host: HostSummary, limits: OverloadLimits, now: number, always: boolean): void {
    const isOld = host.health !== undefined && !isCurrent(host, now);
    if (this.shown === host && this.isOld === isOld && !always) {
      return;
    }
    this.shown = host;
    this.limits = limits;
    this.isOld = isOld;
    const isUnusable = host.state === 'connected' && isTroubled(host);
    setForeignText(this.name, host.name, host.address);
    setText(this.state, isUnusable ? l10n.t('Answers cannot be used') : stateWords[host.state]());
    setAttribute(this.element, 'data-state', isTroubled(host) ? 'troubled' : host.state);
    setAttribute(this.element, 'data-old', isOld ? '' : undefined);
    this.meters.update(host, isOld ? undefined : limits);
    setText(this.counts, capitalised(unbroken(countsText(host.operations))));
    setOptionalText(
      this.age,
      isOld && host.health ? l10n.t('as of {0}', formatTime(host.health.sampledAt, now)) : '',
    );
  }

  /** Figures of now become old ones as time goes on. */
  get isTicking(): boolean {
    return this.shown?.health !== undefined && !this.isOld;
  }

  tick(now: number): void {
    if (this.shown && this.limits) {
      this.update(this.shown, this.limits, now, false);
    }
  }
}

/** A line ends after a comma only: no number at its end. */
const unbroken = (list: string): string => list.replaceAll(/(?<!,) /gu, '\u00a0');

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
