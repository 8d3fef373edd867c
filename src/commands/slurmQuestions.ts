import * as vscode from 'vscode';
import type { SubmitSpec } from '../operations/operation';
import type {
  Account,
  HostLauncher,
  LaunchChoices,
  OperationView,
  Partition,
} from '../operations/operationView';
import { batchScriptOf } from '../operations/slurmOptions';
import { fieldProblem, slurmProblem } from '../operations/spec';
import { scriptQuestion, type ReadScript } from './batchScript';
import { groupQuestion, type PueueDraft } from './pueueQuestions';
import { askPick, askText, keep, type Question } from './steps';

export type SlurmDraft = Partial<Pick<SubmitSpec, 'launcher' | 'slurm' | 'gpus' | 'command'>>;
export type LaunchDraft = SlurmDraft & PueueDraft;

/** What else the questions need to know of a host. */
export interface ClusterFacts {
  /** Jobs of the user that have not ended: others can wait for them. */
  active: readonly OperationView[];
  readScript: ReadScript;
}

/** How it is started, where a host leaves a choice, and what Slurm needs to know; each may be left to the cluster. */
export function launchQuestions(
  draft: LaunchDraft,
  { launchers, partitions, accounts, groups }: LaunchChoices,
  { active, readScript }: ClusterFacts,
): Question[] {
  const script = launchers.includes('slurm') ? scriptOf(draft) : undefined;
  if (script !== undefined) {
    draft.launcher = 'slurm';
    // What was answered for another command is none of the script's.
    draft.slurm = draft.slurm?.script === undefined ? { script } : { ...draft.slurm, script };
    return [scriptQuestion(script, readScript)];
  }
  delete draft.slurm?.script;
  const [only] = launchers;
  if (launchers.length === 1 && only) {
    settle(draft, only);
  }
  return [
    ...(launchers.length > 1 ? [launcherQuestion(draft, launchers)] : []),
    ...(draft.launcher === 'pueue' && groups.length > 1 ? [groupQuestion(draft, groups)] : []),
    ...(draft.launcher === 'slurm'
      ? [
          ...(partitions.length > 1 ? [partitionQuestion(draft, partitions)] : []),
          ...accountQuestions(draft, accounts),
          timeQuestion(draft, chosen(draft, partitions)),
          ...gpuQuestions(draft, chosen(draft, partitions)),
          ...(active.length > 0 ? [dependencyQuestion(draft, active)] : []),
        ]
      : []),
  ];
}

/** The batch script that its command names, or that it was submitted with before. */
function scriptOf({ command, slurm }: SlurmDraft): string | undefined {
  const before = slurm?.script;
  return before !== undefined && command === `sbatch ${before}` ? before : batchScriptOf(command);
}

/** What was answered for one launcher is none of another's. */
function settle(draft: LaunchDraft, launcher: HostLauncher): void {
  const before = draft.launcher ?? 'process';
  draft.launcher = launcher;
  if (launcher === 'process') {
    delete draft.launcher;
  }
  if (launcher !== 'slurm') {
    delete draft.slurm;
  }
  if (launcher !== before) {
    delete draft.gpus;
  }
  if (launcher !== 'pueue') {
    delete draft.pueue;
  }
}

const launcherQuestion =
  (draft: LaunchDraft, launchers: readonly HostLauncher[]): Question =>
  async (place) => {
    const items: { label: string; description: string; value: HostLauncher }[] = [
      {
        label: vscode.l10n.t('At Once'),
        description: vscode.l10n.t('as a process on the host'),
        value: 'process',
      },
      {
        label: vscode.l10n.t('By Slurm'),
        description: vscode.l10n.t('as a job of the cluster'),
        value: 'slurm',
      },
      {
        label: vscode.l10n.t('By pueue'),
        description: vscode.l10n.t('as a task in its queue'),
        value: 'pueue',
      },
    ];
    return keep(
      await askPick<HostLauncher>({
        ...place,
        placeholder: vscode.l10n.t('How is it started?'),
        items: items.filter(({ value }) => launchers.includes(value)),
      }),
      (launcher) => settle(draft, launcher),
    );
  };

const partitionQuestion =
  (draft: SlurmDraft, partitions: readonly Partition[]): Question =>
  async (place) =>
    keep(
      await askPick({
        ...place,
        placeholder: vscode.l10n.t('In which partition?'),
        selected: draft.slurm?.partition ?? '',
        items: [
          { label: vscode.l10n.t('As the Cluster Decides'), value: '' },
          ...partitions.map(({ name, isDefault, timeLimit, gres }) => ({
            label: name,
            description: [isDefault && vscode.l10n.t('default'), timeLimit, gres].filter(Boolean).join(' · '),
            value: name,
          })),
        ],
      }),
      (partition) => setOption(draft, 'partition', partition),
    );

/** The partition that the job goes to, as far as that is known. */
const chosen = ({ slurm }: SlurmDraft, partitions: readonly Partition[]): Partition | undefined =>
  partitions.find(({ name }) => name === slurm?.partition) ??
  partitions.find(({ isDefault }) => isDefault && slurm?.partition === undefined);

/** Where there is a choice: what it is charged to, and with which quality of service it runs. */
function accountQuestions(draft: SlurmDraft, accounts: readonly Account[]): Question[] {
  const { partition, account } = draft.slurm ?? {};
  const usable = accounts.filter(
    (one) => (one.partition ?? partition) === partition || partition === undefined,
  );
  const names = [...new Set(usable.map(({ name }) => name))];
  const qos = usable
    .filter(({ name }) => account === undefined || name === account)
    .flatMap((one) => one.qos);
  return [
    optionQuestion(draft, 'account', vscode.l10n.t('To which account is it charged?'), names),
    optionQuestion(draft, 'qos', vscode.l10n.t('With which quality of service?'), [...new Set(qos)]),
  ].flat();
}

/** Nothing is asked where there is nothing to choose from. */
function optionQuestion(
  draft: SlurmDraft,
  option: 'account' | 'qos',
  placeholder: string,
  values: readonly string[],
): Question[] {
  if (values.length < 2) {
    return [];
  }
  return [
    async (place) =>
      keep(
        await askPick({
          ...place,
          placeholder,
          selected: draft.slurm?.[option] ?? '',
          items: [
            { label: vscode.l10n.t('As the Cluster Decides'), value: '' },
            ...values.map((value) => ({ label: value, value })),
          ],
        }),
        (value) => setOption(draft, option, value),
      ),
  ];
}

const timeQuestion =
  (draft: SlurmDraft, partition: Partition | undefined): Question =>
  async (place) =>
    keep(
      await askText({
        ...place,
        prompt: timePrompt(partition),
        placeholder: '1:30:00',
        value: draft.slurm?.time ?? '',
        problem: (text) => (text.trim() === '' ? undefined : slurmProblem('time', text.trim())),
      }),
      (time) => setOption(draft, 'time', time.trim()),
    );

function timePrompt({ timeLimit, defaultTime }: Partial<Partition> = {}): string {
  const { t } = vscode.l10n;
  if (timeLimit === undefined) {
    return t('The time limit; leave it empty for the one of the partition');
  }
  return t('The time limit, at most {0}; leave it empty for {1}', timeLimit, defaultTime ?? timeLimit);
}

const gpuForm = /^(?:([A-Za-z][\w.-]*):)?(\d+)$/;

function gpuQuestions(draft: SlurmDraft, partition: Partition | undefined): Question[] {
  const gpus = (partition?.gres ?? '').split(',').filter((one) => one.startsWith('gpu'));
  const type = gpus.map((one) => one.split(':')).find((parts) => parts.length > 2)?.[1];
  const before = draft.slurm?.gres;
  const asksForGpus = before === undefined || before.startsWith('gpu:');
  if (partition && gpus.length === 0) {
    // Those of another partition.
    delete draft.gpus;
    if (asksForGpus) {
      setOption(draft, 'gres', '');
    }
    return [];
  }
  if (!asksForGpus) {
    return [];
  }
  const question: Question = async (place) =>
    keep(
      await askText({
        ...place,
        prompt:
          gpus.length === 0
            ? vscode.l10n.t('How many GPUs; leave it empty for none')
            : vscode.l10n.t('How many GPUs (a node has {0}); leave it empty for none', gpus.join(', ')),
        placeholder: type === undefined ? '1' : `${type}:1`,
        value: before?.replace(/^gpu:/, '') ?? (draft.gpus === undefined ? '' : String(draft.gpus)),
        problem: (text) => (text.trim() === '' ? undefined : gpuProblem(text.trim())),
      }),
      (text) => {
        delete draft.gpus;
        const [, wanted, count] = gpuForm.exec(text.trim()) ?? [];
        setOption(draft, 'gres', wanted === undefined ? '' : `gpu:${wanted}:${count}`);
        if (wanted === undefined && count !== undefined) {
          draft.gpus = Number(count);
        }
      },
    );
  return [question];
}

function gpuProblem(text: string): string | undefined {
  const [, , count] = gpuForm.exec(text) ?? [];
  return fieldProblem('gpus', count === undefined ? NaN : Number(count));
}

/** Slurm starts it after another job of the user, and only if that completed. */
const dependencyQuestion =
  (draft: SlurmDraft, active: readonly OperationView[]): Question =>
  async (place) =>
    keep(
      await askPick({
        ...place,
        placeholder: vscode.l10n.t('Does it wait for another job to complete?'),
        selected: draft.slurm?.dependency ?? '',
        items: [
          { label: vscode.l10n.t('It Waits for None'), value: '' },
          ...active.map(({ name, handle = '' }) => ({
            label: name,
            description: vscode.l10n.t('job {0}', handle),
            value: `afterok:${handle}`,
          })),
        ],
      }),
      (dependency) => setOption(draft, 'dependency', dependency),
    );

type TextOption = 'partition' | 'account' | 'qos' | 'time' | 'gres' | 'dependency';

function setOption(draft: SlurmDraft, option: TextOption, value: string): void {
  const { [option]: _before, ...others } = draft.slurm ?? {};
  draft.slurm = value === '' ? others : { ...others, [option]: value };
}
