/** Fills the form from a template or from what was submitted before, and takes that back. */
import * as l10n from '@vscode/l10n';
import type { FormValues, Library, Template } from '../../src/views/newOperation/protocol';
import { element, foreignText, setForeignText, setHidden } from '../shared/dom';
import { createButton } from '../shared/toolkit';
import { newId } from './frame';
import { post } from './host';
import { valuesFrom } from './values';

interface Source {
  key: string;
  label: string;
  values: () => FormValues;
  /** Of a template. */
  template?: string;
}

/** Of what was left in a form that was closed. */
const leftKey = 'left';

export interface Filling {
  current: () => FormValues;
  fill: (values: FormValues) => void;
}

export class StartFrom {
  readonly element: HTMLElement;
  private readonly select = element('select', 'input');
  private readonly remove: HTMLElement;
  private readonly undo: HTMLElement;
  private readonly filled = foreignText('span', 'hint');
  private readonly told: HTMLElement;
  private sources: Source[] = [];
  private before: FormValues | undefined;

  constructor(private readonly filling: Filling) {
    const { t } = l10n;
    this.select.id = newId();
    const label = element('label', 'label', t('Start from'));
    label.htmlFor = this.select.id;
    this.select.addEventListener('change', () => this.take());
    this.remove = createButton({
      label: t('Delete Template'),
      appearance: 'secondary',
      onClick: () => post({ type: 'deleteTemplate', name: this.chosen?.template ?? '' }),
    });
    this.undo = createButton({ label: t('Undo'), appearance: 'secondary', onClick: () => this.takeBack() });
    this.told = element('div', 'told', this.filled, this.undo);
    this.told.setAttribute('role', 'status');
    const row = element('div', 'with-button', this.select, this.remove);
    this.element = element('div', 'field start-from', label, row, this.told);
    this.show();
  }

  update({ templates, recent }: Library, left?: FormValues): void {
    const chosen = this.select.value;
    const source = (kind: string) => (template: Template, index: number) => ({
      key: `${kind}:${kind === 'template' ? template.name : index}`,
      label: template.name || (template.draft.command ?? ''),
      values: () => valuesFrom(template.draft, template.secrets),
      ...(kind === 'template' && { template: template.name }),
    });
    const saved = templates.map(source('template'));
    const submitted = recent.map(source('recent'));
    const closed: Source[] = left
      ? [
          {
            key: leftKey,
            label: left.texts.name || left.texts.command || l10n.t('Without a name'),
            values: () => left,
          },
        ]
      : [];
    this.sources = [...closed, ...saved, ...submitted];
    this.select.replaceChildren(
      new Option(l10n.t('Choose a template or a recent operation'), ''),
      ...group(l10n.t('Closed Before It Was Submitted'), closed),
      ...group(l10n.t('Templates'), saved),
      ...group(l10n.t('Recent'), submitted),
    );
    this.select.value = this.sources.some(({ key }) => key === chosen) ? chosen : '';
    setHidden(this.element, this.sources.length === 0 && this.before === undefined);
    this.show();
  }

  private get chosen(): Source | undefined {
    return this.sources.find(({ key }) => key === this.select.value);
  }

  private take(): void {
    const { chosen, filling } = this;
    if (chosen) {
      post({ type: 'filled', isLeft: chosen.key === leftKey });
      this.before = structuredClone(filling.current());
      const values = structuredClone(chosen.values());
      // A template without a host is one for the host that is chosen.
      values.texts.hostId ||= this.before.texts.hostId;
      filling.fill(values);
      setForeignText(this.filled, l10n.t('Filled in from "{0}".', chosen.label));
    }
    this.show();
  }

  private takeBack(): void {
    if (this.before) {
      post({ type: 'filled', isLeft: false });
      this.filling.fill(this.before);
      this.before = undefined;
      this.select.value = '';
      this.select.focus();
    }
    this.show();
  }

  private show(): void {
    setHidden(this.remove, this.chosen?.template === undefined);
    setHidden(this.told, this.before === undefined);
  }
}

const group = (label: string, sources: readonly Source[]): HTMLElement[] => {
  if (sources.length === 0) {
    return [];
  }
  const made = element('optgroup');
  made.label = label;
  made.append(...sources.map(({ key, label: text }) => new Option(text.slice(0, 80), key)));
  return [made];
};
