/** A field with a choice of few. */
import type { TextField } from '../../src/views/newOperation/protocol';
import { element } from '../shared/dom';
import type { FormState } from './formState';
import { focusOn, Frame } from './frame';
import type { FormActions, Part } from './part';

export interface Choice {
  value: string;
  label: string;
}

export interface SelectOptions {
  label: string;
  isSmall?: boolean;
  choices: (state: FormState) => Choice[];
  hint?: (state: FormState) => string | undefined;
  isShown?: (state: FormState) => boolean;
}

export class SelectInput implements Part {
  readonly element: HTMLElement;
  private readonly control = element('select', 'input');
  private readonly frame: Frame;
  private drawn = '';

  constructor(
    private readonly field: TextField,
    private readonly options: SelectOptions,
    private readonly actions: FormActions,
  ) {
    this.control.name = field;
    this.control.addEventListener('change', () => {
      actions.touch(field);
      actions.change(({ texts }) => (texts[field] = this.control.value));
    });
    this.frame = new Frame(options.label, this.control, options.isSmall ? 'small' : '');
    this.element = this.frame.element;
  }

  update(state: FormState): void {
    const { field, options, control } = this;
    const value = state.values.texts[field];
    this.frame.show(options.isShown?.(state) ?? true);
    const choices = options.choices(state);
    // What was chosen on another host, or before, stays visible and wrong rather than becoming another.
    const all = choices.some((choice) => choice.value === value)
      ? choices
      : [...choices, { value, label: value }];
    const drawn = JSON.stringify(all);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      control.replaceChildren(...all.map((choice) => new Option(choice.label, choice.value)));
    }
    control.value = value;
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
