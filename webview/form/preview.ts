/** Exactly what happens on the host, as its launcher makes it. */
import * as l10n from '@vscode/l10n';
import { launchPreview, type LaunchPreview } from '../../src/operations/launchPreview';
import type { SubmitSpec } from '../../src/operations/operation';
import { element, setHidden, setText } from '../shared/dom';
import type { FormState } from './formState';
import type { Part } from './part';

/** A long script is shown by its beginning: it is all in the field above. */
const mostLines = 60;
const mostCharacters = 8_000;

export class Preview implements Part {
  readonly element: HTMLElement;
  private readonly words = element('p', 'hint');
  private readonly request = code(l10n.t('The request'));
  private readonly then = element('p', 'hint', l10n.t('It then runs:'));
  private readonly file = code(l10n.t('The command file'));

  constructor() {
    const summary = element('summary', 'label', l10n.t('What is run'));
    this.element = element('details', 'preview', summary, this.words, this.request, this.then, this.file);
    (this.element as HTMLDetailsElement).open = true;
  }

  update({ draft, host }: FormState): void {
    const preview = draft.command ? previewOf(draft) : undefined;
    const { request, file } = preview ?? {};
    setText(this.words, wordsOf(preview, host?.name));
    setText(this.request, visible(request ?? ''));
    setText(this.file, visible(shortened(file ?? '')));
    setHidden(this.request, request === undefined);
    setHidden(this.then, request === undefined);
    setHidden(this.file, file === undefined);
  }
}

/** @param name of the host, once one is chosen */
function wordsOf(preview: LaunchPreview | undefined, name: string | undefined): string {
  if (preview === undefined) {
    return l10n.t('Shown here as soon as there is a command.');
  }
  if (preview.request === undefined) {
    return name === undefined
      ? l10n.t('In a session of its own that outlives the connection:')
      : l10n.t('On {0}, in a session of its own that outlives the connection:', name);
  }
  return name === undefined
    ? l10n.t('With a name and a log file for it added:')
    : l10n.t('On {0}, with a name and a log file for it added:', name);
}

const code = (label: string): HTMLPreElement => {
  const made = element('pre', 'code');
  // Scrolls, so the keyboard must get there.
  made.tabIndex = 0;
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', label);
  made.dir = 'ltr';
  return made;
};

function previewOf(draft: FormState['draft']): LaunchPreview | undefined {
  try {
    // What is missing for a spec, like a host, does not show in it.
    return launchPreview(draft as SubmitSpec);
  } catch {
    // A field says what is wrong.
    return undefined;
  }
}

/** Characters that reverse what follows would hide what is run. */
const visible = (text: string): string =>
  text.replace(
    /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `<U+${character.charCodeAt(0).toString(16).toUpperCase()}>`,
  );

function shortened(text: string): string {
  const lines = text.trimEnd().split('\n');
  const shown = lines.slice(0, mostLines).join('\n').slice(0, mostCharacters);
  return shown.length === text.trimEnd().length
    ? shown
    : `${shown}\n${l10n.t('... ({0} lines in all)', lines.length)}`;
}
