import * as vscode from 'vscode';
import type { SubmitSpec } from '../operations/operation';
import type { HostLauncher, LaunchChoices, Partition } from '../operations/operationView';
import { fieldProblem, slurmProblem } from '../operations/spec';
import { groupQuestion, type PueueDraft } from './pueueQuestions';
import { askPick, askText, keep, type Question } from './steps';

type SlurmDraft = Partial<Pick<SubmitSpec, 'launcher' | 'slurm' | 'gpus'>>;
type LaunchDraft = SlurmDraft & PueueDraft;

/** How it is started, where a host leaves a choice, and what Slurm needs to know; each may be left to the cluster. */
export function launchQuestions(
  draft: LaunchDraft,
  { launchers, partitions, groups }: LaunchChoices,
): Question[] {
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
          timeQuestion(draft),
          ...(partitions.some(({ gres }) => gres?.includes('gpu')) ? [gpuQuestion(draft)] : []),
        ]
      : []),
  ];
}

/** What was answered for one launcher is none of another's. */
function settle(draft: LaunchDraft, launcher: HostLauncher): void {
  draft.launcher = launcher;
  if (launcher === 'process') {
    delete draft.launcher;
  }
  if (launcher !== 'slurm') {
    delete draft.slurm;
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
        items: [
          { label: vscode.l10n.t('As the Cluster Decides'), value: '' },
          ...partitions.map(({ name, timeLimit, gres }) => ({
            label: name,
            description: [timeLimit, gres].filter(Boolean).join(' · '),
            value: name,
          })),
        ],
      }),
      (partition) => setOption(draft, 'partition', partition),
    );

const timeQuestion =
  (draft: SlurmDraft): Question =>
  async (place) =>
    keep(
      await askText({
        ...place,
        prompt: vscode.l10n.t('The time limit; leave it empty for the one of the partition'),
        placeholder: '1:30:00',
        value: draft.slurm?.time ?? '',
        problem: (text) => (text.trim() === '' ? undefined : slurmProblem('time', text.trim())),
      }),
      (time) => setOption(draft, 'time', time.trim()),
    );

const gpuQuestion =
  (draft: SlurmDraft): Question =>
  async (place) =>
    keep(
      await askText({
        ...place,
        prompt: vscode.l10n.t('How many GPUs; leave it empty for none'),
        placeholder: '1',
        value: draft.gpus === undefined ? '' : String(draft.gpus),
        problem: (text) => (text.trim() === '' ? undefined : fieldProblem('gpus', Number(text))),
      }),
      (text) => {
        if (text.trim() === '') {
          delete draft.gpus;
        } else {
          draft.gpus = Number(text);
        }
      },
    );

function setOption(draft: SlurmDraft, option: 'partition' | 'time', value: string): void {
  const { [option]: _before, ...others } = draft.slurm ?? {};
  draft.slurm = value === '' ? others : { ...others, [option]: value };
}
