/** What was run, where, and with which environment. */
import * as l10n from '@vscode/l10n';
import type { Copyable, Variable } from '../../src/views/detail/protocol';
import { element, foreignText, setWholeText, setHidden, setText } from '../shared/dom';
import { createButton, describeButton } from '../shared/toolkit';
import { post } from './host';
import type { Part } from './part';
import { section } from './section';

export function createCommand(): Part {
  const command = createCopyable('command', l10n.t('Command'), l10n.t('Copy Command'), 'pre');
  const folder = createCopyable('folder', l10n.t('Folder'), l10n.t('Copy Folder'), 'code');
  const run = createCopyable('runDirectory', l10n.t('Run directory'), l10n.t('Copy Run Directory'), 'code');
  const whole = section('command', l10n.t('Command'), command.element, folder.element, run.element);
  return {
    element: whole,
    update({ operation, folder: cwd, runDirectory }) {
      const text = operation.command === '' ? undefined : operation.command;
      setHidden(whole, (text ?? cwd ?? runDirectory) === undefined);
      command.set(text);
      folder.set(cwd);
      run.set(runDirectory);
    },
  };
}

function createCopyable(what: Copyable, label: string, copyLabel: string, tag: 'pre' | 'code') {
  const text = foreignText(tag, 'code');
  if (tag === 'pre') {
    // It may be longer than its box.
    text.tabIndex = 0;
    text.setAttribute('role', 'region');
    text.setAttribute('aria-label', l10n.t('What was run'));
  }
  const copy = createButton({
    label: l10n.t('Copy'),
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'copy', what }),
  });
  describeButton(copy, copyLabel);
  const caption = what === 'command' ? [] : [element('span', 'label', label)];
  const whole = element('div', `copyable copyable-${tag}`, ...caption, text, copy);
  return {
    element: whole,
    set(value: string | undefined) {
      setHidden(whole, value === undefined);
      setWholeText(text, value);
    },
  };
}

export function createEnvironment(): Part {
  const list = element('ul', 'variables');
  list.setAttribute('role', 'list');
  const whole = section('environment', l10n.t('Environment'), list);
  const rows = new Map<string, Row>();
  return {
    element: whole,
    update({ environment }) {
      setHidden(whole, environment.length === 0);
      const names = new Set(environment.map(({ name }) => name));
      for (const [name, row] of rows) {
        if (!names.has(name)) {
          row.element.remove();
          rows.delete(name);
        }
      }
      for (const variable of environment) {
        const row = rows.get(variable.name) ?? createRow(variable.name);
        rows.set(variable.name, row);
        row.update(variable);
        if (row.element.parentElement === null) {
          list.append(row.element);
        }
      }
    },
  };
}

interface Row {
  readonly element: HTMLElement;
  update(variable: Variable): void;
}

function createRow(name: string): Row {
  const title = foreignText('code', 'variable-name');
  setWholeText(title, name);
  const value = foreignText('code', 'variable-value');
  const hidden = element('span', 'variable-hidden', '••••••••');
  hidden.setAttribute('role', 'img');
  hidden.setAttribute('aria-label', l10n.t('hidden'));
  let isShown = false;
  const toggle = createButton({
    label: '',
    appearance: 'secondary',
    className: 'small',
    onClick: () => post({ type: 'reveal', name, shown: !isShown }),
  });
  return {
    element: element('li', 'variable', title, value, hidden, toggle),
    update({ value: text, isSecret }) {
      isShown = text !== undefined;
      setWholeText(value, text);
      setHidden(hidden, isShown);
      setHidden(toggle, isSecret !== true);
      setText(toggle, isShown ? l10n.t('Hide') : l10n.t('Reveal'));
      describeButton(toggle, isShown ? l10n.t('Hide {0}', name) : l10n.t('Reveal {0}', name));
    },
  };
}
