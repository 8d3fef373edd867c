/** How it is started: what the host offers, as soon as it has told. */
import * as l10n from '@vscode/l10n';
import { hostLaunchers, type HostLauncher } from '../../src/operations/operationView';
import type { FormState } from './formState';
import { launcherDescription, launcherLabel } from './launcherWords';
import type { FormActions, Part } from './part';
import { RadioGroup } from './radioGroup';

export class LauncherField implements Part {
  private readonly group;
  readonly element;

  constructor(actions: FormActions) {
    this.group = new RadioGroup<HostLauncher>(l10n.t('How it is started'), (launcher) =>
      actions.change((values) => (values.launcher = launcher)),
    );
    this.element = this.group.element;
  }

  update(state: FormState): void {
    const { launcher, choices, told, host, problems } = state;
    const shown = hostLaunchers.filter(
      (each) => each === launcher || (choices ? choices.launchers.includes(each) : each === 'process'),
    );
    const isAsking = host !== undefined && (told === undefined || told.kind === 'asking');
    this.element.classList.toggle('is-asking', isAsking);
    const hint = isAsking
      ? l10n.t('Asking {0} what else it offers...', host.name)
      : told?.kind === 'silent'
        ? l10n.t('What else it offers is not known: {0}', told.problem)
        : launcherDescription(launcher);
    this.group.update(
      shown.map((each) => ({ value: each, label: launcherLabel(each) })),
      launcher,
      hint,
      problems.get('launcher'),
    );
  }

  focus(field: string): boolean {
    if (field === 'launcher') {
      this.group.focus();
    }
    return field === 'launcher';
  }
}
