/** A field with its label, its hint and its problem, tied together for assistive technology. */
import { element, setAttribute, setForeignText, setHidden, setOptionalText } from '../shared/dom';

let made = 0;
/** An id that no other element of the page has. */
export const newId = (): string => `f${(made += 1)}`;

/** Also where it is folded away. */
export function focusOn(control: HTMLElement): void {
  const fold = control.closest('details');
  if (fold) {
    fold.open = true;
  }
  control.focus();
}

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export class Frame {
  readonly element: HTMLElement;
  private readonly hint = element('div', 'hint');
  private readonly problem = element('div', 'problem');

  constructor(
    label: string,
    private readonly control: Control,
    className = '',
  ) {
    control.id = newId();
    this.hint.id = `${control.id}-hint`;
    this.problem.id = `${control.id}-problem`;
    const caption = element('label', 'label', label);
    caption.htmlFor = control.id;
    this.element = element('div', `field ${className}`, caption, control, this.hint, this.problem);
    this.say(undefined, undefined);
  }

  say(hint: string | undefined, problem: string | undefined): void {
    setOptionalText(this.hint, hint);
    setForeignText(this.problem, problem);
    setAttribute(this.problem, 'title', undefined);
    setAttribute(this.control, 'aria-invalid', problem === undefined ? undefined : 'true');
    const described = [hint && this.hint.id, problem && this.problem.id].filter(Boolean).join(' ');
    setAttribute(this.control, 'aria-describedby', described || undefined);
  }

  show(shown: boolean): void {
    setHidden(this.element, !shown);
  }
}
