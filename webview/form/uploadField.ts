/** What is brought to the host before it is started, typed or chosen. */
import * as l10n from '@vscode/l10n';
import { element } from '../shared/dom';
import { createButton } from '../shared/toolkit';
import type { FormState } from './formState';
import { post } from './host';
import type { FormActions, Part } from './part';
import { TextInput } from './textInput';

export class UploadField implements Part {
  readonly element: HTMLElement;
  private readonly input: TextInput;

  constructor(actions: FormActions) {
    const { t } = l10n;
    this.input = new TextInput(
      'uploadFrom',
      {
        label: t('Upload from this computer'),
        isCode: true,
        hint: () =>
          t(
            'A folder or file that is brought there first. It runs in that folder, unless another one is named.',
          ),
      },
      actions,
    );
    const browse = createButton({
      label: t('Browse...'),
      appearance: 'secondary',
      onClick: () => post({ type: 'browse' }),
    });
    browse.setAttribute('aria-label', t('Browse for what to upload'));
    this.element = element('div', 'field', this.input.element, element('div', 'row-end', browse));
  }

  update(state: FormState): void {
    this.input.update(state);
  }

  focus(field: string): boolean {
    return this.input.focus(field);
  }
}
