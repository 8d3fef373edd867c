/** The port of a server, who has it already, and the next one that is free. */
import * as l10n from '@vscode/l10n';
import { withPort } from '../../src/operations/withPort';
import { element, foreignText, setForeignText, setHidden, setText } from '../shared/dom';
import { icon } from '../shared/icons';
import { createButton, describeButton } from '../shared/toolkit';
import type { FormState } from './formState';
import type { FormActions, Part } from './part';
import { TextInput } from './textInput';

export class PortField implements Part {
  readonly element: HTMLElement;
  private readonly input: TextInput;
  private readonly text = foreignText('span', 'trouble-text');
  private readonly trouble: HTMLElement;
  private readonly useNext: HTMLElement;
  private nextFree: number | undefined;

  constructor(private readonly actions: FormActions) {
    const { t } = l10n;
    this.input = new TextInput(
      'port',
      {
        label: t('Port'),
        isSmall: true,
        isNumber: true,
        isShown: ({ values }) => values.type === 'server',
        placeholder: () => '8080',
        hint: () => t('Shown as starting until it is open.'),
      },
      actions,
    );
    this.useNext = createButton({ label: '', appearance: 'secondary', onClick: () => this.takeNext() });
    this.trouble = element('div', 'trouble', icon('warning'), this.text, this.useNext);
    const said = element('div', 'port-told', this.trouble);
    said.setAttribute('role', 'status');
    this.element = element('div', 'port small', this.input.element, said);
  }

  update(state: FormState): void {
    const { portTold, values } = state;
    this.input.update(state);
    setHidden(this.element, values.type !== 'server');
    const isNews = this.trouble.hidden && portTold?.text !== undefined;
    setHidden(this.trouble, portTold?.text === undefined);
    setForeignText(this.text, portTold?.text);
    this.nextFree = portTold?.nextFree;
    setHidden(this.useNext, this.nextFree === undefined);
    if (this.nextFree !== undefined) {
      const label = l10n.t('Use Port {0}', String(this.nextFree));
      setText(this.useNext, label);
      describeButton(this.useNext, l10n.t('{0}, in the command too where it names the port', label));
    }
    if (isNews && this.element.contains(document.activeElement)) {
      // Whoever types the port is to see it, also at the end of the page.
      this.trouble.scrollIntoView({ block: 'nearest' });
    }
  }

  focus(field: string): boolean {
    return this.input.focus(field);
  }

  private takeNext(): void {
    const { nextFree } = this;
    if (nextFree === undefined) {
      return;
    }
    this.actions.change(({ texts, env }) => {
      const before = { port: Number(texts.port), command: texts.command };
      const { draft } = withPort(
        { ...before, env: Object.fromEntries(env.map(({ name, value }) => [name, value])) },
        nextFree,
      );
      texts.port = String(nextFree);
      texts.command = draft.command ?? '';
      env.forEach((variable) => (variable.value = draft.env?.[variable.name] ?? variable.value));
    });
    // The button is gone with what it was about.
    this.input.focus('port');
  }
}
