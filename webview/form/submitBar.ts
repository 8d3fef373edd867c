/** The last line: what keeps it from starting, and the buttons. */
import * as l10n from '@vscode/l10n';
import { element, foreignText, setAttribute, setForeignText, setHidden, setText } from '../shared/dom';
import { icon } from '../shared/icons';
import { createButton } from '../shared/toolkit';

export class SubmitBar {
  readonly element: HTMLElement;
  private readonly problem = foreignText('div', 'trouble-text');
  private readonly trouble = element('div', 'trouble', icon('warning'), this.problem);
  private readonly progress = element('span', 'hint');
  private readonly submit: HTMLElement;

  constructor(actions: { submit: () => void; save: () => void }) {
    const { t } = l10n;
    this.submit = createButton({ label: t('Submit'), appearance: 'primary', onClick: actions.submit });
    this.submit.title = t('Submit (Ctrl+Enter)');
    const save = createButton({
      label: t('Save as Template...'),
      appearance: 'secondary',
      onClick: actions.save,
    });
    this.trouble.setAttribute('role', 'alert');
    this.trouble.tabIndex = -1;
    this.progress.setAttribute('role', 'status');
    const row = element('div', 'buttons', this.submit, save, this.progress);
    this.element = element('div', 'submit-bar', this.trouble, row);
    this.show(false, undefined);
  }

  show(isSubmitting: boolean, problem: string | undefined): void {
    setHidden(this.trouble, problem === undefined);
    setForeignText(this.problem, problem);
    setAttribute(this.submit, 'disabled', isSubmitting ? '' : undefined);
    setText(
      this.progress,
      isSubmitting
        ? l10n.t(
            'Submitting... Nothing is started before you have answered what you may be asked. You may close this: it goes on.',
          )
        : '',
    );
  }

  focusProblem(): void {
    this.trouble.focus();
  }

  /** In the next frame: until then the button is as disabled as it was. */
  focusSubmit(): void {
    requestAnimationFrame(() => this.submit.focus());
  }
}
