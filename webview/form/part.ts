import type { FormState } from './formState';

/** What parts of the form can do to it. */
export interface FormActions {
  /** Takes in what the user changed. */
  change(edit: (values: FormState['values']) => void): void;
  /** From now on a field may say what is wrong with it. */
  touch(field: string): void;
  isTouched(field: string): boolean;
}

/** A piece of the form. It is built once and then patched: `update` touches only what changed. */
export interface Part {
  readonly element: HTMLElement;
  update(state: FormState): void;
  /** Puts the keyboard where a problem is; `false`: that field is not here. */
  focus?(field: string): boolean;
}
