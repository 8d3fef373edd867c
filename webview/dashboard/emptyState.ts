/** Friendly words in place of an empty list, with the next step as a button. */
import * as l10n from '@vscode/l10n';
import type { DashboardSnapshot } from '../../src/views/dashboard/protocol';
import { element, setHidden, setText } from '../shared/dom';
import { emptyState, type Empty } from './model';
import { createButton } from '../shared/toolkit';
import { post } from './host';

const words = (filter: string): Record<Empty, { title: string; text: string }> => ({
  'no-hosts': {
    title: l10n.t('No hosts yet'),
    text: l10n.t('Add a machine that you reach over SSH, and what runs there shows up here.'),
  },
  'no-operations': {
    title: l10n.t('Nothing here yet'),
    text: l10n.t('Start a server, a training job, a script or a download, and follow it here.'),
  },
  'nothing-matches': {
    title: l10n.t('No matches'),
    text: l10n.t('Nothing here matches the filter {0}.', filter),
  },
});

export class EmptyState {
  readonly element: HTMLElement;
  private readonly title = element('h2', 'empty-title');
  private readonly text = element('p', 'empty-text');
  private readonly addHost = createButton({
    label: l10n.t('Add a Host'),
    appearance: 'primary',
    onClick: () => post({ type: 'command', command: 'addHost' }),
  });
  private readonly submit = createButton({
    label: l10n.t('New Operation'),
    appearance: 'primary',
    onClick: () => post({ type: 'command', command: 'submit' }),
  });
  private readonly clearFilter = createButton({
    label: l10n.t('Clear Filter'),
    appearance: 'secondary',
    onClick: () => post({ type: 'command', command: 'clearFilter' }),
  });

  constructor() {
    this.text.dir = 'auto';
    this.element = element(
      'section',
      'empty',
      this.title,
      this.text,
      this.addHost,
      this.submit,
      this.clearFilter,
    );
  }

  update(snapshot: DashboardSnapshot): void {
    const empty = emptyState(snapshot);
    setHidden(this.element, empty === undefined);
    if (empty === undefined) {
      return;
    }
    const { title, text } = words(snapshot.filter ?? '')[empty];
    setText(this.title, title);
    setText(this.text, text);
    setHidden(this.addHost, empty !== 'no-hosts');
    setHidden(this.submit, empty !== 'no-operations');
    setHidden(this.clearFilter, empty !== 'nothing-matches');
  }
}
