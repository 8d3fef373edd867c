/** Counts, the two commands, and the hosts that cannot be used. */
import type { HostView } from '../../src/operations/operationView';
import type { DashboardSnapshot, HostAction } from '../../src/views/dashboard/protocol';
import { element, foreignText, setForeignText, setHidden, setOptionalText, setText } from '../shared/dom';
import { formatCount, formatTime } from '../shared/format';
import { icon, type IconName } from '../shared/icons';
import { count, troubledHosts, type Counts } from './model';
import { createButton, describeButton } from '../shared/toolkit';
import { post } from './host';

const countWords: readonly (keyof Counts)[] = ['running', 'queued', 'unknown', 'ended', 'failed'];
const shownAtZero: ReadonlySet<keyof Counts> = new Set(['running', 'queued']);

export class Header {
  readonly elements: readonly HTMLElement[];
  private readonly counts = countWords.map((key) => {
    const number = element('span', 'number');
    return { key, number, whole: element('span', `count count-${key}`, number, ` ${key}`) };
  });
  private readonly updating = element('span', 'updating', 'Updating…');
  private readonly filter = foreignText('div', 'filter');
  private readonly unsavedText = element('div', 'trouble-text');
  private readonly unsaved = element(
    'div',
    'trouble unsaved',
    element('span', 'trouble-mark', icon('warning')),
    this.unsavedText,
  );
  private readonly troubles = element('ul', 'troubles');
  private readonly lines = new Map<string, Trouble>();

  constructor() {
    const counts = element('div', 'counts', ...this.counts.map(({ whole }) => whole), this.updating);
    counts.setAttribute('role', 'status');
    this.unsaved.setAttribute('role', 'alert');
    this.troubles.setAttribute('role', 'list');
    this.troubles.setAttribute('aria-label', 'Hosts that cannot be used');
    const sync = createButton({
      label: 'Sync',
      appearance: 'secondary',
      icon: 'sync',
      onClick: () => post({ type: 'command', command: 'sync' }),
    });
    const submit = createButton({
      label: 'New Operation',
      appearance: 'primary',
      icon: 'add',
      onClick: () => post({ type: 'command', command: 'submit' }),
    });
    const bar = element('header', 'header', counts, element('div', 'toolbar', sync, submit));
    // Not part of the header, which stays in place when the page scrolls.
    this.elements = [bar, this.unsaved, this.filter, this.troubles];
  }

  update(snapshot: DashboardSnapshot, now: number, isRemembered: boolean): void {
    const counted = count(snapshot.operations);
    for (const { key, number, whole } of this.counts) {
      setText(number, formatCount(counted[key]));
      setHidden(whole, counted[key] === 0 && !shownAtZero.has(key));
    }
    setHidden(this.updating, !isRemembered);
    setOptionalText(this.filter, snapshot.filter && `Filtered by “${snapshot.filter}”`);
    setHidden(this.unsaved, snapshot.unsaved === undefined);
    setForeignText(this.unsavedText, snapshot.unsaved);
    this.placeTroubles(troubledHosts(snapshot.hosts), now);
  }

  private placeTroubles(hosts: readonly HostView[], now: number): void {
    setHidden(this.troubles, hosts.length === 0);
    const kept = new Set(hosts.map(({ id }) => id));
    for (const [id, line] of this.lines) {
      if (!kept.has(id)) {
        line.element.remove();
        this.lines.delete(id);
      }
    }
    for (const host of hosts) {
      let line = this.lines.get(host.id);
      if (line === undefined) {
        line = new Trouble(host.id);
        this.lines.set(host.id, line);
        this.troubles.append(line.element);
      }
      line.update(host, now);
    }
  }
}

interface TroubleLook {
  word: string;
  icon: IconName;
  action: HostAction;
}

const troubleLooks: Partial<Record<HostView['state'], TroubleLook>> = {
  unreachable: { word: 'Unreachable', icon: 'unplugged', action: 'retryHost' },
  'needs-login': { word: 'Needs login', icon: 'key', action: 'logIn' },
  blocked: { word: 'Blocked', icon: 'blocked', action: 'retryHost' },
};
const unusable: TroubleLook = { word: 'Answers cannot be used', icon: 'warning', action: 'retryHost' };

const actionLabels: Record<HostAction, string> = { retryHost: 'Retry Now', logIn: 'Log In' };

class Trouble {
  readonly element: HTMLLIElement;
  private readonly mark = element('span', 'trouble-mark');
  private readonly name = foreignText('span', 'trouble-host');
  private readonly word = element('span', 'trouble-word');
  private readonly error = foreignText('span', 'trouble-error');
  private readonly buttons: Record<HostAction, HTMLElement>;
  private shown: IconName | undefined;

  constructor(hostId: string) {
    const text = element('div', 'trouble-text', this.name, ' ', this.word, ' ', this.error);
    const button = (action: HostAction) =>
      createButton({
        label: actionLabels[action],
        appearance: 'secondary',
        className: 'small',
        onClick: () => post({ type: 'host', action, hostId }),
      });
    this.buttons = { retryHost: button('retryHost'), logIn: button('logIn') };
    this.element = element('li', 'trouble', this.mark, text, this.buttons.retryHost, this.buttons.logIn);
  }

  update(host: HostView, now: number): void {
    const look = troubleLooks[host.state] ?? unusable;
    if (this.shown !== look.icon) {
      this.shown = look.icon;
      this.mark.replaceChildren(icon(look.icon));
    }
    for (const action of ['retryHost', 'logIn'] as const) {
      setHidden(this.buttons[action], action !== look.action);
      describeButton(this.buttons[action], `${actionLabels[action]}: ${host.name}`);
    }
    setForeignText(this.name, host.name);
    this.name.title = host.address;
    setText(this.word, troubleText(look.word, host, now));
    setForeignText(this.error, host.error);
  }
}

/** Says nothing that ticks: it is new when the next try is. */
function troubleText(word: string, { unreachableSince, nextTryAt }: HostView, now: number): string {
  const since = unreachableSince && formatTime(unreachableSince, now);
  const next = nextTryAt && formatTime(nextTryAt, now);
  const away = since ? `${word} since ${since}` : word;
  // Within the first minute a time would say nothing that is not said already.
  return next ? `${away}, ${next === since ? 'trying again' : `next try ${next}`}.` : `${away}.`;
}
