/** Something that is wanted or not. */
import { element, setHidden, setOptionalText } from '../shared/dom';
import type { FormState } from './formState';
import { newId } from './frame';
import type { FormActions, Part } from './part';

export interface CheckBoxOptions {
  label: string;
  hint?: string;
  isShown: (state: FormState) => boolean;
}

export class CheckBox implements Part {
  readonly element: HTMLElement;
  private readonly box = element('input');

  constructor(
    private readonly field: 'requeue' | 'systemd',
    private readonly options: CheckBoxOptions,
    actions: FormActions,
  ) {
    const hint = element('div', 'hint');
    hint.id = newId();
    setOptionalText(hint, options.hint);
    this.box.type = 'checkbox';
    this.box.name = field;
    if (options.hint !== undefined) {
      this.box.setAttribute('aria-describedby', hint.id);
    }
    this.box.addEventListener('change', () => actions.change((values) => (values[field] = this.box.checked)));
    this.element = element('div', 'field', element('label', 'check', this.box, options.label), hint);
  }

  update(state: FormState): void {
    setHidden(this.element, !this.options.isShown(state));
    this.box.checked = state.values[this.field] === true;
  }
}
