/** What pueue can be asked for. */
import * as l10n from '@vscode/l10n';
import type { PueueGroup } from '../../src/operations/pueueOptions';
import type { FormState } from './formState';
import type { FormActions, Part } from './part';
import { SelectInput } from './selectInput';
import { TextInput } from './textInput';

const isPueue = ({ launcher }: FormState) => launcher === 'pueue';

function describe({ name, parallel, isPaused }: PueueGroup): string {
  const slots = parallel === 0 ? l10n.t('all at once') : l10n.t('{0} at a time', parallel);
  return [name, slots, isPaused && l10n.t('paused')].filter(Boolean).join(' · ');
}

export const usualPueueFields = (actions: FormActions): Part[] => [
  new SelectInput(
    'pueue.group',
    {
      label: l10n.t('Group'),
      isSmall: true,
      isShown: isPueue,
      choices: ({ choices }) => [
        { value: '', label: l10n.t('The usual one') },
        ...(choices?.groups ?? []).map((group) => ({ value: group.name, label: describe(group) })),
      ],
    },
    actions,
  ),
];

export const furtherPueueFields = (actions: FormActions): Part[] => [
  new TextInput(
    'pueue.priority',
    {
      label: l10n.t('Priority'),
      isSmall: true,
      isNumber: true,
      isShown: isPueue,
      placeholder: () => '0',
      hint: () => l10n.t('Of those that wait in the group, higher ones start first.'),
    },
    actions,
  ),
];
