/** The hosts that cannot be used: since when, why, and what can be done about it. */
import * as l10n from '@vscode/l10n';
import type { HostView } from '../../src/operations/operationView';
import type { HostAction } from '../../src/views/dashboard/protocol';
import { element, foreignText, setForeignText, setHidden, setText } from '../shared/dom';
import { formatTime } from '../shared/format';
import { icon, type IconName } from '../shared/icons';
import { createButton, describeButton } from '../shared/toolkit';
import { post } from './host';
import { troubledHosts } from './model';

export class Troubles {
  readonly element = element('ul', 'troubles');
  private readonly lines = new Map<string, Trouble>();

  constructor() {
    // Without list markers some screen readers need the role said.
    this.element.setAttribute('role', 'list');
    this.element.setAttribute('aria-label', l10n.t('Hosts that cannot be used'));
  }

  update(all: readonly HostView[], now: number): void {
    const hosts = troubledHosts(all);
    setHidden(this.element, hosts.length === 0);
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
        this.element.append(line.element);
      }
      line.update(host, now);
    }
  }
}

interface TroubleLook {
  word: () => string;
  icon: IconName;
  action: HostAction;
}

const troubleLooks: Partial<Record<HostView['state'], TroubleLook>> = {
  unreachable: { word: () => l10n.t('Unreachable'), icon: 'unplugged', action: 'retryHost' },
  'needs-login': { word: () => l10n.t('Needs login'), icon: 'key', action: 'logIn' },
  blocked: { word: () => l10n.t('Blocked'), icon: 'blocked', action: 'retryHost' },
};
const unusable: TroubleLook = {
  word: () => l10n.t('Answers cannot be used'),
  icon: 'warning',
  action: 'retryHost',
};

const actionLabels: Record<HostAction, () => string> = {
  retryHost: () => l10n.t('Retry Now'),
  logIn: () => l10n.t('Log In'),
};

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
        label: actionLabels[action](),
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
      describeButton(this.buttons[action], `${actionLabels[action]()}: ${host.name}`);
    }
    setForeignText(this.name, host.name, host.address);
    setText(this.word, troubleText(look.word(), host, now));
    setForeignText(this.error, host.error);
  }
}

/** Says nothing that ticks: it is new when the next try is. */
function troubleText(word: string, { unreachableSince, nextTryAt }: HostView, now: number): string {
  const since = unreachableSince && formatTime(unreachableSince, now);
  const next = nextTryAt && formatTime(nextTryAt, now);
  const away = since ? l10n.t('{0} since {1}', word, since) : word;
  if (!next) {
    return `${away}.`;
  }
  // Within the first minute a time would say nothing that is not said already.
  return next === since ? l10n.t('{0}, trying again.', away) : l10n.t('{0}, next try {1}.', away, next);
}
