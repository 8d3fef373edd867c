/** The environment, a row for each variable. Lines of `NAME=value` that are pasted become rows. */
import * as l10n from '@vscode/l10n';
import { looksSecret } from '../../src/operations/secretName';
import type { Variable } from '../../src/views/newOperation/protocol';
import { element, setAttribute, setForeignText, setHidden, setOptionalText } from '../shared/dom';
import { createButton } from '../shared/toolkit';
import type { FormState } from './formState';
import { newId } from './frame';
import type { FormActions, Part } from './part';
import { readVariables } from './variables';

export class EnvField implements Part {
  readonly element: HTMLFieldSetElement;
  private readonly list = element('div', 'variables');
  private readonly hint = element('div', 'hint');
  private readonly rows: Row[] = [];

  constructor(private readonly actions: FormActions) {
    const add = createButton({
      label: l10n.t('Add Variable'),
      appearance: 'secondary',
      icon: 'add',
      onClick: () => {
        actions.change(({ env }) => env.push({ name: '', value: '' }));
        this.rows.at(-1)?.name.focus();
      },
    });
    this.element = element(
      'fieldset',
      'field group',
      element('legend', 'label', l10n.t('Environment')),
      this.list,
      element('div', 'row-end', add),
      this.hint,
    );
  }

  update({ values, problems }: FormState): void {
    const { env } = values;
    while (this.rows.length > env.length) {
      this.rows.pop()?.element.remove();
    }
    while (this.rows.length < env.length) {
      const row = new Row(this.rows.length, this.actions, (index) => this.remove(index));
      this.rows.push(row);
      this.list.append(row.element);
    }
    env.forEach((variable, index) => this.rows[index]?.update(variable, problems.get(`env.${index}`)));
    const hasSecret = env.some(({ name }) => looksSecret(name));
    setOptionalText(
      this.hint,
      hasSecret
        ? l10n.t(
            'What looks like a secret by its name goes to the host with the operation. Templates and the recent ones do not keep it.',
          )
        : undefined,
    );
  }

  focus(field: string): boolean {
    const index = /^env\.(\d+)$/.exec(field)?.[1];
    const row = index === undefined ? undefined : this.rows[Number(index)];
    row?.focus();
    return row !== undefined;
  }

  private remove(index: number): void {
    this.actions.change(({ env }) => env.splice(index, 1));
    const next = this.rows[Math.min(index, this.rows.length - 1)];
    (next?.name ?? this.element.querySelector('vscode-button'))?.focus();
  }
}

class Row {
  readonly element: HTMLElement;
  readonly name = element('input', 'input code');
  private readonly value = element('textarea', 'input code');
  private readonly problem = element('div', 'problem');

  constructor(
    private readonly index: number,
    private readonly actions: FormActions,
    onRemove: (index: number) => void,
  ) {
    const { name, value } = this;
    this.problem.id = newId();
    for (const control of [name, value]) {
      control.spellcheck = false;
      control.autocomplete = 'off';
      control.dir = 'ltr';
      control.addEventListener('input', () => {
        actions.touch(`env.${index}`);
        this.store();
      });
    }
    name.placeholder = 'NAME';
    value.rows = 1;
    value.placeholder = l10n.t('value');
    name.setAttribute('aria-label', l10n.t('Name of variable {0}', index + 1));
    value.setAttribute('aria-label', l10n.t('Value of variable {0}', index + 1));
    name.addEventListener('paste', (event) => this.paste(event));
    const remove = createButton({
      label: l10n.t('Remove'),
      appearance: 'secondary',
      onClick: () => onRemove(index),
    });
    remove.setAttribute('aria-label', l10n.t('Remove variable {0}', index + 1));
    const line = element('div', 'variable', name, value, remove);
    this.element = element('div', '', line, this.problem);
  }

  update(variable: Variable, problem: string | undefined): void {
    const { name, value } = this;
    if (name.value !== variable.name) {
      name.value = variable.name;
    }
    if (value.value !== variable.value) {
      value.value = variable.value;
    }
    value.classList.toggle('secret', looksSecret(variable.name));
    const isShown = this.actions.isTouched(`env.${this.index}`) || variable.isLost;
    const shown = isShown ? problem : undefined;
    setForeignText(this.problem, shown);
    setHidden(this.problem, shown === undefined);
    const control = variable.isLost && variable.value === '' ? value : name;
    for (const each of [name, value]) {
      const isWrong = shown !== undefined && each === control;
      setAttribute(each, 'aria-invalid', isWrong ? 'true' : undefined);
      setAttribute(each, 'aria-describedby', isWrong ? this.problem.id : undefined);
    }
  }

  focus(): void {
    (this.value.getAttribute('aria-invalid') ? this.value : this.name).focus();
  }

  private store(): void {
    const { index, name, value } = this;
    this.actions.change(({ env }) => (env[index] = { name: name.value, value: value.value }));
  }

  private paste(event: ClipboardEvent): void {
    const pasted = readVariables(event.clipboardData?.getData('text/plain') ?? '');
    if (pasted) {
      event.preventDefault();
      this.actions.touch(`env.${this.index}`);
      this.actions.change(({ env }) => env.splice(this.index, 1, ...pasted));
    }
  }
}
