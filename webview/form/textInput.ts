/** A field of one or more lines. */
import type { TextField } from '../../src/views/newOperation/protocol';
import { element, setAttribute } from '../shared/dom';
import type { FormState } from './formState';
import { focusOn, Frame } from './frame';
import type { FormActions, Part } from './part';

export interface TextOptions {
  label: string;
  lines?: number;
  /** Beside others in a row. */
  isSmall?: boolean;
  isNumber?: boolean;
  isCode?: boolean;
  isRequired?: boolean;
  hint?: (state: FormState) => string | undefined;
  placeholder?: (state: FormState) => string;
  isShown?: (state: FormState) => boolean;
}

export class TextInput implements Part {
  readonly element: HTMLElement;
  private readonly control: HTMLInputElement | HTMLTextAreaElement;
  private readonly frame: Frame;

  constructor(
    private readonly field: TextField,
    private readonly options: TextOptions,
    private readonly actions: FormActions,
  ) {
    this.control = options.lines === undefined ? element('input') : element('textarea');
    const { control } = this;
    control.className = options.isCode ? 'input code' : 'input';
    control.spellcheck = false;
    control.autocomplete = 'off';
    control.name = field;
    control.dir = options.isCode ? 'ltr' : 'auto';
    if (control instanceof HTMLTextAreaElement) {
      control.rows = options.lines ?? 1;
    } else if (options.isNumber) {
      control.inputMode = 'numeric';
    }
    setAttribute(control, 'aria-required', options.isRequired ? 'true' : undefined);
    control.addEventListener('input', () => {
      actions.touch(field);
      actions.change(({ texts }) => (texts[field] = control.value));
    });
    this.frame = new Frame(options.label, control, options.isSmall ? 'small' : '');
    this.element = this.frame.element;
  }

  update(state: FormState): void {
    const { field, control, options } = this;
    this.frame.show(options.isShown?.(state) ?? true);
    // Setting what is there already would move the caret.
    if (control.value !== state.values.texts[field]) {
      control.value = state.values.texts[field];
    }
    control.placeholder = options.placeholder?.(state) ?? '';
    const problem = this.actions.isTouched(field) ? state.problems.get(field) : undefined;
    this.frame.say(options.hint?.(state), problem);
  }

  focus(field: string): boolean {
    if (field === this.field) {
      focusOn(this.control);
    }
    return field === this.field;
  }
}
