/** One of a few, all in sight: the arrow keys go through them. */
import { element, setAttribute, setForeignText, setHidden, setOptionalText, setText } from '../shared/dom';
import { icon, type IconName } from '../shared/icons';
import { newId } from './frame';

export interface RadioChoice<T extends string> {
  value: T;
  label: string;
  icon?: IconName;
}

export class RadioGroup<T extends string> {
  readonly element: HTMLFieldSetElement;
  private readonly row = element('div', 'radios');
  private readonly hint = element('div', 'hint');
  private readonly problem = element('div', 'problem');
  private readonly name = newId();
  private readonly inputs = new Map<T, HTMLInputElement>();
  private drawn = '';

  constructor(
    legend: string,
    private readonly onChoose: (value: T) => void,
  ) {
    this.hint.id = newId();
    this.problem.id = newId();
    this.element = element('fieldset', 'field group', element('legend', 'label', legend), this.row);
    this.element.append(this.hint, this.problem);
  }

  update(choices: readonly RadioChoice<T>[], chosen: T, hint?: string, problem?: string): void {
    const drawn = JSON.stringify(choices);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.draw(choices);
    }
    for (const [value, input] of this.inputs) {
      input.checked = value === chosen;
    }
    setOptionalText(this.hint, hint);
    setForeignText(this.problem, problem);
    const described = [hint && this.hint.id, problem && this.problem.id].filter(Boolean).join(' ');
    setAttribute(this.element, 'aria-describedby', described || undefined);
  }

  show(shown: boolean): void {
    setHidden(this.element, !shown);
  }

  focus(): void {
    const inputs = [...this.inputs.values()];
    (inputs.find((input) => input.checked) ?? inputs[0])?.focus();
  }

  private draw(choices: readonly RadioChoice<T>[]): void {
    const focused = [...this.inputs].find(([, input]) => input === document.activeElement)?.[0];
    this.inputs.clear();
    this.row.replaceChildren(
      ...choices.map((choice) => {
        const input = element('input');
        input.type = 'radio';
        input.name = this.name;
        input.value = choice.value;
        input.addEventListener('change', () => this.onChoose(choice.value));
        this.inputs.set(choice.value, input);
        const text = element('span', '');
        setText(text, choice.label);
        return element('label', 'radio', input, ...(choice.icon ? [icon(choice.icon)] : []), text);
      }),
    );
    if (focused !== undefined) {
      this.inputs.get(focused)?.focus();
    }
  }
}
