/** Friendly words in place of an empty list, with the next step as a button. */
import type { DashboardSnapshot } from '../../src/views/dashboard/protocol';
import { element, setHidden, setText } from '../shared/dom';
import { emptyState, type Empty } from './model';
import { createButton } from '../shared/toolkit';
import { post } from './host';

const words: Record<Empty, { title: string; text: string }> = {
  'no-hosts': {
    title: 'No hosts yet',
    text: 'Add a machine that you reach over SSH, and what runs there shows up here.',
  },
  'no-operations': {
    title: 'Nothing here yet',
    text: 'Start a server, a training job, a script or a download, and follow it here.',
  },
  'nothing-matches': { title: 'No matches', text: '' },
};

export class EmptyState {
  readonly element: HTMLElement;
  private readonly title = element('h2', 'empty-title');
  private readonly text = element('p', 'empty-text');
  private readonly addHost = createButton({
    label: 'Add a Host',
    appearance: 'primary',
    onClick: () => post({ type: 'command', command: 'addHost' }),
  });
  private readonly submit = createButton({
    label: 'New Operation',
    appearance: 'primary',
    onClick: () => post({ type: 'command', command: 'submit' }),
  });

  constructor() {
    this.text.dir = 'auto';
    this.element = element('section', 'empty', this.title, this.text, this.addHost, this.submit);
  }

  update(snapshot: DashboardSnapshot): void {
    const empty = emptyState(snapshot);
    setHidden(this.element, empty === undefined);
    if (empty === undefined) {
      return;
    }
    setText(this.title, words[empty].title);
    setText(
      this.text,
      empty === 'nothing-matches' ? `No operation matches “${snapshot.filter ?? ''}”.` : words[empty].text,
    );
    setHidden(this.addHost, empty !== 'no-hosts');
    setHidden(this.submit, empty !== 'no-operations');
  }
}
