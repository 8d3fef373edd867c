/** Which host, how it is reached, and what to do when it is not. */
import * as l10n from '@vscode/l10n';
import type { HostAction } from '../../src/views/newOperation/protocol';
import { element, foreignText, setForeignText, setHidden, setText } from '../shared/dom';
import { icon } from '../shared/icons';
import { createButton, describeButton } from '../shared/toolkit';
import type { FormState } from './formState';
import { post } from './host';
import type { FormActions, Part } from './part';
import { SelectInput } from './selectInput';

export class HostField implements Part {
  readonly element: HTMLElement;
  private readonly select: SelectInput;
  private readonly error = foreignText('span', 'trouble-text');
  private readonly trouble: HTMLElement;
  private readonly buttons: Record<HostAction, HTMLElement>;
  private readonly none: HTMLElement;
  private hostId = '';

  constructor(actions: FormActions) {
    this.select = new SelectInput(
      'hostId',
      {
        label: l10n.t('Host'),
        choices: ({ hosts, values }) => [
          ...(values.texts.hostId === '' ? [{ value: '', label: l10n.t('Choose a host') }] : []),
          ...hosts.map(({ id, name, address }) => ({
            value: id,
            label: address === name ? name : `${name} (${address})`,
          })),
        ],
        hint: ({ host }) => host?.description,
        isShown: ({ hosts, values }) => hosts.length > 0 || values.texts.hostId !== '',
      },
      actions,
    );
    const button = (label: string, action: HostAction) =>
      createButton({
        label,
        appearance: 'secondary',
        onClick: () => post({ type: 'host', action, hostId: this.hostId }),
      });
    this.buttons = {
      retryHost: button(l10n.t('Retry Now'), 'retryHost'),
      logIn: button(l10n.t('Log In'), 'logIn'),
    };
    this.trouble = element(
      'div',
      'trouble',
      icon('warning'),
      this.error,
      this.buttons.retryHost,
      this.buttons.logIn,
    );
    this.trouble.setAttribute('role', 'status');
    const add = createButton({
      label: l10n.t('Add a Host'),
      appearance: 'secondary',
      onClick: () => post({ type: 'addHost' }),
    });
    this.none = element(
      'div',
      'trouble',
      icon('warning'),
      element('span', 'trouble-text', l10n.t('No host yet: add a machine that you reach over SSH.')),
      add,
    );
    this.element = element('div', 'host', this.select.element, this.trouble, this.none);
  }

  update(state: FormState): void {
    const { host, hosts } = state;
    this.select.update(state);
    this.hostId = host?.id ?? '';
    setHidden(this.none, hosts.length > 0);
    setHidden(this.trouble, host?.action === undefined);
    for (const action of ['retryHost', 'logIn'] as const) {
      setHidden(this.buttons[action], host?.action !== action);
    }
    if (host?.action !== undefined) {
      setForeignText(this.error, host.error ?? host.description);
      describeButton(this.buttons.logIn, l10n.t('Log In: {0}', host.name));
      describeButton(this.buttons.retryHost, l10n.t('Retry Now: {0}', host.name));
    } else {
      setText(this.error, '');
    }
  }

  focus(field: string): boolean {
    return this.select.focus(field);
  }
}
