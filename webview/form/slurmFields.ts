/** What Slurm can be asked for; the cluster decides what is left out. */
import * as l10n from '@vscode/l10n';
import type { Partition } from '../../src/operations/operationView';
import { element, setForeignText, setHidden } from '../shared/dom';
import type { FormState } from './formState';
import { CheckBox } from './checkBox';
import type { FormActions, Part } from './part';
import { SelectInput, type Choice } from './selectInput';
import { TextInput } from './textInput';

const isSlurm = ({ launcher }: FormState) => launcher === 'slurm';
const asDecided = (): Choice => ({ value: '', label: l10n.t('As the cluster decides') });

/** Accounts that can be charged in the partition that was chosen. */
const usableAccounts = ({ choices, values }: FormState) => {
  const partition = values.texts['slurm.partition'];
  return (choices?.accounts ?? []).filter(
    (one) => partition === '' || (one.partition ?? partition) === partition,
  );
};

const qosNames = (state: FormState): string[] => {
  const account = state.values.texts['slurm.account'];
  const usable = usableAccounts(state).filter(({ name }) => account === '' || name === account);
  return [...new Set(usable.flatMap(({ qos }) => qos))];
};

const gpusOf = (partition: Partition | undefined): string[] =>
  (partition?.gres ?? '').split(',').filter((one) => one.startsWith('gpu'));

/** Types of GPUs in a partition, as Slurm names them. */
export const gpuTypes = ({ partition }: FormState): string[] => [
  ...new Set(
    gpusOf(partition).flatMap((one) => {
      const [, type, count] = one.split(':');
      return type !== undefined && count !== undefined ? [type] : [];
    }),
  ),
];

/** What stands beside the number of GPUs. */
export function gpuHint({ launcher, partition }: FormState): string | undefined {
  if (launcher !== 'slurm') {
    return l10n.t('Free ones are claimed when it starts.');
  }
  if (partition === undefined) {
    return undefined;
  }
  const gpus = gpusOf(partition);
  return gpus.length === 0
    ? l10n.t('The partition {0} tells of none.', partition.name)
    : l10n.t('For each node, which has {0}.', gpus.join(', '));
}

function timeHint({ partition }: FormState): string {
  const { timeLimit, defaultTime } = partition ?? {};
  return timeLimit === undefined
    ? l10n.t('Like 1:30:00. Empty: the one of the partition.')
    : l10n.t('Like 1:30:00, at most {0}. Empty: {1}.', timeLimit, defaultTime ?? timeLimit);
}

/** Those that jobs often need. */
export function usualSlurmFields(actions: FormActions): Part[] {
  const { t } = l10n;
  return [
    new SelectInput(
      'slurm.partition',
      {
        label: t('Partition'),
        isSmall: true,
        isShown: isSlurm,
        choices: ({ choices }) => [
          asDecided(),
          ...(choices?.partitions ?? []).map(({ name, isDefault, timeLimit, gres }) => ({
            value: name,
            label: [name, isDefault && t('default'), timeLimit, gres].filter(Boolean).join(' · '),
          })),
        ],
      },
      actions,
    ),
    new TextInput(
      'slurm.time',
      { label: t('Time limit'), isSmall: true, isShown: isSlurm, hint: timeHint },
      actions,
    ),
    new SelectInput(
      'slurm.account',
      {
        label: t('Account'),
        isSmall: true,
        isShown: (state) =>
          isSlurm(state) && (usableAccounts(state).length > 1 || state.values.texts['slurm.account'] !== ''),
        choices: (state) => [asDecided(), ...named(usableAccounts(state).map(({ name }) => name))],
      },
      actions,
    ),
    new SelectInput(
      'slurm.qos',
      {
        label: t('Quality of service'),
        isSmall: true,
        isShown: (state) =>
          isSlurm(state) && (qosNames(state).length > 1 || state.values.texts['slurm.qos'] !== ''),
        choices: (state) => [asDecided(), ...named(qosNames(state))],
      },
      actions,
    ),
    new SelectInput(
      'slurm.dependency',
      {
        label: t('Waits for'),
        isSmall: true,
        isShown: (state) =>
          isSlurm(state) && (state.jobs.length > 0 || state.values.texts['slurm.dependency'] !== ''),
        hint: () => t('Started only after that job has completed.'),
        choices: ({ jobs }) => [
          { value: '', label: t('No other job') },
          ...jobs.map(({ name, jobId }) => ({
            value: `afterok:${jobId}`,
            label: t('{0} (job {1})', name, jobId),
          })),
        ],
      },
      actions,
    ),
  ];
}

const named = (names: readonly string[]): Choice[] =>
  [...new Set(names)].map((name) => ({ value: name, label: name }));

/** Those that few jobs need. */
export function furtherSlurmFields(actions: FormActions): Part[] {
  const { t } = l10n;
  const common = { isSmall: true, isShown: isSlurm };
  return [
    new TextInput('slurm.cpus', { ...common, label: t('Cores for each task'), isNumber: true }, actions),
    new TextInput(
      'slurm.memory',
      { ...common, label: t('Memory for each node'), placeholder: () => '16G' },
      actions,
    ),
    new TextInput('slurm.nodes', { ...common, label: t('Nodes'), isNumber: true }, actions),
    new TextInput(
      'slurm.array',
      {
        ...common,
        label: t('Job array'),
        placeholder: () => '0-9%4',
        hint: () => t('One operation for all its tasks.'),
      },
      actions,
    ),
    new TextInput(
      'slurm.gres',
      { ...common, label: t('Further resources (GRES)'), placeholder: () => 'shard:2' },
      actions,
    ),
    new CheckBox(
      'requeue',
      {
        label: t('Slurm may start it anew after a node failed or it was preempted'),
        isShown: isSlurm,
      },
      actions,
    ),
  ];
}

/** What a batch script on the host asks for by itself. */
export class DirectivesNote implements Part {
  readonly element: HTMLElement;
  private readonly title = element('div', 'hint');
  private readonly lines = element('pre', 'code directives');

  constructor() {
    this.element = element('div', 'field', this.title, this.lines);
    this.element.setAttribute('role', 'status');
    this.lines.tabIndex = 0;
    this.lines.setAttribute('aria-label', l10n.t('Lines of the batch script'));
  }

  update({ script, directives, host }: FormState): void {
    const { t } = l10n;
    setHidden(this.element, script === undefined || directives?.problem !== undefined);
    const lines = directives?.lines ?? [];
    setHidden(this.lines, lines.length === 0);
    setForeignText(this.lines, lines.join('\n'));
    const title =
      directives === undefined
        ? t('Reading {0} on {1}...', script ?? '', host?.name ?? '')
        : lines.length === 0
          ? t('{0} asks Slurm for nothing by itself: the cluster decides.', script ?? '')
          : t('{0} asks Slurm for this. What is filled in here goes before it.', script ?? '');
    setForeignText(this.title, title);
  }
}
