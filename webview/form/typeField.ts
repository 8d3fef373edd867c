import * as l10n from '@vscode/l10n';
import { operationTypes } from '../../src/operations/status';
import { typeText } from '../../src/operations/typeText';
import type { FormState } from './formState';
import type { FormActions, Part } from './part';
import { RadioGroup } from './radioGroup';

export class TypeField implements Part {
  private readonly group;
  readonly element;

  constructor(actions: FormActions) {
    this.group = new RadioGroup<FormState['values']['type']>(l10n.t('Type'), (type) =>
      actions.change((values) => (values.type = type)),
    );
    this.element = this.group.element;
  }

  update({ values }: FormState): void {
    const choices = operationTypes.map((type) => ({ value: type, label: typeText(type), icon: type }));
    this.group.update(choices, values.type);
  }
}
