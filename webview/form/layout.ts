/** Which fields there are, in which order. */
import * as l10n from '@vscode/l10n';
import type { TextField } from '../../src/views/newOperation/protocol';
import { element } from '../shared/dom';
import { CheckBox } from './checkBox';
import { defaultName } from '../../src/operations/defaultName';
import { EnvField } from './envField';
import { HostField } from './hostField';
import { LauncherField } from './launcherField';
import type { FormActions, Part } from './part';
import { PortField } from './portField';
import { Preview } from './preview';
import { furtherPueueFields, usualPueueFields } from './pueueFields';
import { SelectInput } from './selectInput';
import { DirectivesNote, furtherSlurmFields, gpuHint, gpuTypes, usualSlurmFields } from './slurmFields';
import { TextInput, type TextOptions } from './textInput';
import { UploadField } from './uploadField';
import { TypeField } from './typeField';

export interface Layout {
  parts: Part[];
  elements: HTMLElement[];
  /** Opens what is folded, where something is filled in there. */
  unfold: () => void;
}

export function layOut(actions: FormActions): Layout {
  const { t } = l10n;
  const text = (field: TextField, options: TextOptions) => new TextInput(field, options, actions);
  const command = text('command', {
    label: t('Command'),
    lines: 5,
    isCode: true,
    isRequired: true,
    hint: () => t('As you would type it on the host; a script of many lines as well.'),
    placeholder: () => 'python train.py --epochs 20',
  });
  const usual: Part[] = [
    new TypeField(actions),
    command,
    new DirectivesNote(),
    text('name', {
      label: t('Name'),
      hint: () => t('Empty: from the command.'),
      placeholder: ({ values }) => defaultName(values.texts.command),
    }),
    new HostField(actions),
    new LauncherField(actions),
  ];
  const inRow: Part[] = [
    new PortField(actions),
    ...usualSlurmFields(actions),
    ...usualPueueFields(actions),
    text('gpus', {
      label: t('GPUs'),
      isSmall: true,
      isNumber: true,
      isShown: ({ launcher }) => launcher !== 'pueue',
      placeholder: () => '0',
      hint: gpuHint,
    }),
    new SelectInput(
      'gpuType',
      {
        label: t('GPU type'),
        isSmall: true,
        isShown: (state) =>
          state.launcher === 'slurm' && (gpuTypes(state).length > 0 || state.values.texts.gpuType !== ''),
        choices: (state) => [
          { value: '', label: t('Any') },
          ...gpuTypes(state).map((type) => ({ value: type, label: type })),
        ],
      },
      actions,
    ),
    text('cwd', {
      label: t('Working folder on the host'),
      isCode: true,
      placeholder: ({ script, draft }) => ((script ?? draft.uploadFrom) === undefined ? '~' : ''),
    }),
    new UploadField(actions),
  ];
  const systemd = new CheckBox(
    'systemd',
    {
      label: t('Keep it running after logout, through systemd'),
      hint: t('For hosts that end what you leave behind when you log out.'),
      isShown: ({ launcher, choices, values }) =>
        launcher === 'process' && (choices?.systemd === true || values.systemd === true),
    },
    actions,
  );
  const environment = new EnvField(actions);
  const further: Part[] = [
    text('timeoutSeconds', {
      label: t('Ended after'),
      isSmall: true,
      // Slurm has a limit of its own.
      isShown: (state) => state.launcher !== 'slurm' || state.values.texts.timeoutSeconds !== '',
      placeholder: () => '1 h 30 min',
      hint: () => t('Killed when it runs longer. Empty: never.'),
    }),
    text('priority', {
      label: t('Priority'),
      isSmall: true,
      isNumber: true,
      isShown: ({ launcher }) => launcher === 'process',
      placeholder: () => '0',
      hint: () => t('Of those that wait on their host, higher ones start first.'),
    }),
    ...furtherSlurmFields(actions),
    ...furtherPueueFields(actions),
    text('kind', { label: t('Kind'), isSmall: true, placeholder: () => 'install' }),
    text('description', { label: t('Description'), lines: 2 }),
  ];
  const fold = element('details', 'more', element('summary', 'label', t('More options')));
  fold.append(element('div', 'row', ...further.map((part) => part.element)));
  const preview = new Preview();
  return {
    parts: [...usual, ...inRow, systemd, environment, ...further, preview],
    elements: [
      ...usual.map((part) => part.element),
      element('div', 'row', ...inRow.map((part) => part.element)),
      systemd.element,
      environment.element,
      fold,
      preview.element,
    ],
    unfold: () => {
      const filled = [...fold.querySelectorAll('input, textarea, select')].some((control) =>
        control instanceof HTMLInputElement && control.type === 'checkbox'
          ? control.checked
          : (control as HTMLInputElement).value !== '',
      );
      fold.open ||= filled;
    },
  };
}
