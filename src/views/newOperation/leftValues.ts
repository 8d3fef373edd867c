import type { FormValues } from './protocol';

/** What was typed into the form that was closed last: other forms offer it. In memory only, as it may hold secrets. */
export class LeftValues {
  #values: FormValues | undefined;

  get values(): FormValues | undefined {
    return this.#values;
  }

  keep(values: FormValues): void {
    this.#values = values;
  }

  /** They were taken up and submitted: what was left since then stays. */
  drop(values: FormValues): void {
    if (this.#values === values) {
      this.#values = undefined;
    }
  }
}
