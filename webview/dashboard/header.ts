/** What all operations together do and use, and the commands for them. */
import * as l10n from '@vscode/l10n';
import type { DashboardSnapshot } from '../../src/views/dashboard/protocol';
import { element, setAttribute, setForeignText, setHidden, setText } from '../shared/dom';
import { formatCount } from '../shared/format';
import { icon } from '../shared/icons';
import { createButton } from '../shared/toolkit';
import { Chips } from './chips';
import { post } from './host';
import { countNames, countText, groupCounts, type CountName } from './counts';
import { countsText } from '../../src/operations/countsText';
import type { OperationView } from '../../src/operations/operationView';
import { resourceNames, resourceWords } from '../../src/operations/resourceWords';
import { countsOf } from '../../src/operations/summary';
import { totalUse } from '../../src/operations/totalUse';
import { Troubles } from './troubles';

const shownAtZero: ReadonlySet<CountName> = new Set(['running', 'waiting']);

export class Header {
  /** Stays in sight when the page is scrolled. */
  readonly bar: HTMLElement;
  /** What stands above the cards. */
  readonly notices: readonly HTMLElement[];
  private readonly counts = countNames.map(createCount);
  private readonly uses = resourceNames.map((name) => {
    const value = element('span', 'number');
    return { name, value, whole: element('span', 'use', `${resourceWords[name].label()} `, value) };
  });
  private readonly use = element('div', 'uses', ...this.uses.map(({ whole }) => whole));
  private readonly updating = element('span', 'updating', l10n.t('Updating...'));
  private readonly unsavedText = element('div', 'trouble-text');
  private readonly unsaved = element(
    'div',
    'trouble unsaved',
    element('span', 'trouble-mark', icon('warning')),
    this.unsavedText,
  );
  private readonly chips = new Chips();
  private readonly troubles = new Troubles();

  constructor() {
    const counts = element('div', 'counts', ...this.counts.map(({ whole }) => whole), this.updating);
    counts.setAttribute('role', 'status');
    this.use.setAttribute('role', 'group');
    this.use.setAttribute('aria-label', l10n.t('Resources in use'));
    this.use.title = l10n.t(
      'What the operations shown here use: shares are means over their machines and GPUs, amounts are sums.',
    );
    this.unsaved.setAttribute('role', 'alert');
    const title = element('h1', 'spoken', l10n.t('Remote Operations'));
    const summary = element('div', 'summary', counts, this.use);
    this.bar = element('header', 'header', title, summary, createToolbar());
    this.notices = [this.unsaved, this.chips.element, this.troubles.element];
  }

  update(snapshot: DashboardSnapshot, now: number, isRemembered: boolean): void {
    const groups = groupCounts(snapshot.operations);
    for (const count of this.counts) {
      count.update(groups.get(count.name) ?? []);
    }
    this.updateUse(snapshot);
    setHidden(this.updating, !isRemembered);
    this.chips.update(snapshot);
    setHidden(this.unsaved, snapshot.unsaved === undefined);
    setForeignText(this.unsavedText, snapshot.unsaved);
    this.troubles.update(snapshot.hosts, now);
  }

  private updateUse({ operations }: DashboardSnapshot): void {
    const use = totalUse(operations);
    setHidden(this.use, Object.keys(use).length === 0);
    for (const { name, value, whole } of this.uses) {
      const told = use[name];
      setHidden(whole, told === undefined);
      setText(value, told === undefined ? '' : resourceWords[name].text(told));
    }
  }
}

/** A number and its word, in the order of the language. */
function createCount(name: CountName) {
  const place = '\0';
  const number = element('span', 'number');
  const [before = '', after = ''] = countText(name, place).split(place);
  const whole = element('span', `count count-${name}`, before, number, after);
  return {
    name,
    whole,
    update(operations: readonly OperationView[]) {
      const counts = countsOf(operations);
      setText(number, formatCount(counts.total));
      setHidden(whole, counts.total === 0 && !shownAtZero.has(name));
      // What it is made of, where the word does not say it.
      const statuses = countsText(counts);
      setAttribute(
        whole,
        'title',
        counts.total === 0 || statuses === whole.textContent ? undefined : statuses,
      );
    },
  };
}

function createToolbar(): HTMLElement {
  const sync = createButton({
    label: l10n.t('Sync'),
    appearance: 'secondary',
    icon: 'sync',
    onClick: () => post({ type: 'command', command: 'sync' }),
  });
  const submit = createButton({
    label: l10n.t('New Operation'),
    appearance: 'primary',
    icon: 'add',
    onClick: () => post({ type: 'command', command: 'submit' }),
  });
  return element('div', 'toolbar', sync, submit);
}
