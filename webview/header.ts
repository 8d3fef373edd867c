/** Counts, the two commands, and the hosts that cannot be used. */
import type { HostView } from '../src/operations/operationView';
import type { DashboardSnapshot } from '../src/views/dashboard/protocol';
import { element, foreignText, setForeignText, setHidden, setOptionalText, setText } from './dom';
import { formatCount, formatTime } from './format';
import { icon, type IconName } from './icons';
import { count, troubledHosts, type Counts } from './model';
import { createButton } from './toolkit';
import { post } from './vscodeApi';

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
        line = new Trouble();
        this.lines.set(host.id, line);
        this.troubles.append(line.element);
      }
      line.update(host, now);
    }
  }
}

const troubleWords: Partial<Record<HostView['state'], { word: string; icon: IconName }>> = {
  unreachable: { word: 'Unreachable', icon: 'unplugged' },
  'needs-login': { word: 'Needs login', icon: 'key' },
  blocked: { word: 'Blocked', icon: 'blocked' },
};

class Trouble {
  readonly element: HTMLLIElement;
  private readonly mark = element('span', 'trouble-mark');
  private readonly name = foreignText('span', 'trouble-host');
  private readonly word = element('span', 'trouble-word');
  private readonly error = foreignText('span', 'trouble-error');
  private shown: IconName | undefined;

  constructor() {
    const text = element('div', 'trouble-text', this.name, ' ', this.word, ' ', this.error);
    this.element = element('li', 'trouble', this.mark, text);
  }

  update(host: HostView, now: number): void {
    const trouble = troubleWords[host.state] ?? { word: host.state, icon: 'warning' };
    if (this.shown !== trouble.icon) {
      this.shown = trouble.icon;
      this.mark.replaceChildren(icon(trouble.icon));
    }
    const since =
      host.unreachableSince === undefined ? '' : ` since ${formatTime(host.unreachableSince, now)}`;
    setForeignText(this.name, host.name);
    this.name.title = host.address;
    setText(this.word, `${trouble.word}${since}`);
    setForeignText(this.error, host.error);
  }
}
