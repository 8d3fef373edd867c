import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { text } from './specText';

/** What Slurm is asked for beside the command. What is left out, the cluster decides. */
export interface SlurmOptions {
  partition?: string;
  account?: string;
  qos?: string;
  /** As Slurm writes it: `90` (minutes), `1:30:00`, `2-12:00:00`. */
  time?: string;
  /** Cores for each task. */
  cpus?: number;
  /** For each node, as Slurm writes it: `4G`, `500M`. */
  memory?: string;
  /** As Slurm writes it: `gpu:a100:2`. */
  gres?: string;
  nodes?: number;
  /** A job array, as Slurm writes it: `0-9`, `1,3,5-20:5%4`. One operation; completed when all its tasks are. */
  array?: string;
  /** As Slurm writes it: `afterok:1234`. */
  dependency?: string;
  /** Whether Slurm may start it anew after a node failed, or after it was preempted. Default: it may not. */
  requeue?: boolean;
  /** A batch script on the host that is run instead of a command; its `#SBATCH` lines count. */
  script?: string;
}

/** Options go to sbatch as `--name=value`: what the value may consist of keeps it one value of that option. */
const word = (what: () => string, form: RegExp) =>
  v.pipe(
    text(what, 1_000),
    v.regex(form, () => l10n.t('{0} is not written as Slurm writes it.', what())),
  );
const count = (message: () => string) =>
  v.pipe(v.number(message), v.integer(message), v.minValue(1, message), v.maxValue(100_000, message));

const name = /^[A-Za-z0-9_][A-Za-z0-9_.,@+-]*$/;
const duration = /^(\d+-\d+(:\d+){0,2}|\d+(:\d+){0,2}|infinite|UNLIMITED)$/;
const arrayIndexes = /^\d+(-\d+(:\d+)?)?(,\d+(-\d+(:\d+)?)?)*(%\d+)?$/;

/** More than most clusters allow. */
export const mostTasks = 10_000;

const arraySchema = v.pipe(
  word(() => l10n.t('The array'), arrayIndexes),
  v.check(
    (value) => arrayTasks(value).length > 0 && arrayTasks(value).length <= mostTasks,
    () => l10n.t('An array has at least one task and at most {0}.', mostTasks),
  ),
);

export const slurmSchema = v.strictObject(
  {
    partition: v.optional(word(() => l10n.t('The partition'), name)),
    account: v.optional(word(() => l10n.t('The account'), name)),
    qos: v.optional(word(() => l10n.t('The QOS'), name)),
    time: v.optional(word(() => l10n.t('The time limit'), duration)),
    cpus: v.optional(count(() => l10n.t('The number of cores must be a whole number from 1 to 100000.'))),
    memory: v.optional(word(() => l10n.t('The memory'), /^\d+(\.\d+)?[KMGT]?$/i)),
    gres: v.optional(word(() => l10n.t('The GRES'), /^[A-Za-z0-9_][A-Za-z0-9_:.,=/+-]*$/)),
    nodes: v.optional(count(() => l10n.t('The number of nodes must be a whole number from 1 to 100000.'))),
    array: v.optional(arraySchema),
    dependency: v.optional(
      word(() => l10n.t('The dependency'), /^[a-z]+(:[0-9_+:]+)?([,?][a-z]+(:[0-9_+:]+)?)*$/),
    ),
    requeue: v.optional(v.boolean(() => l10n.t('Whether it may be requeued must be true or false.'))),
    script: v.optional(
      v.pipe(
        text(() => l10n.t('The batch script'), 4_000),
        v.check(
          (path) => path.trim() !== '',
          () => l10n.t('The batch script is missing.'),
        ),
      ),
    ),
  },
  (issue) =>
    issue.expected === 'never'
      ? l10n.t('"slurm.{0}" is not supported by this version.', String(issue.path?.[0].key))
      : l10n.t('The Slurm options must be an object.'),
);

/** Whoever types this means the batch script of this path, with the options that are in it. */
const batchCommand = /^\s*sbatch\s+([^\s'"\\$`;|&<>*?()[\]{}#!-][^\s'"\\$`;|&<>*?()[\]{}]*)\s*$/;

export const batchScriptOf = (command: string | undefined): string | undefined =>
  batchCommand.exec(command ?? '')?.[1];

/** The task indexes that an array option names, each once, at most one more than allowed. */
export function arrayTasks(array: string): number[] {
  const tasks = new Set<number>();
  for (const range of array.replace(/%.*$/, '').split(',')) {
    const [, first, last = first, step = '1'] = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(range) ?? [];
    const by = Math.max(1, Number(step));
    for (let task = Number(first); task <= Number(last) && tasks.size <= mostTasks; task += by) {
      tasks.add(task);
    }
  }
  return [...tasks];
}
