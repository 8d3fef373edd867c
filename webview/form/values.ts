/** From a spec to what stands in the form, and back. Pure. */
import type { SubmitSpec } from '../../src/operations/operation';
import type { HostLauncher } from '../../src/operations/operationView';
import { hostLaunchers } from '../../src/operations/operationView';
import { batchScriptOf } from '../../src/operations/slurmOptions';
import type { Draft } from '../../src/operations/spec';
import {
  textFields,
  type FormValues,
  type TextField,
  type Variable,
} from '../../src/views/newOperation/protocol';
import { defaultName } from '../../src/operations/defaultName';
import { durationSeconds, durationText } from './duration';

export function emptyValues(): FormValues {
  const texts = Object.fromEntries(textFields.map((field) => [field, ''])) as Record<TextField, string>;
  return { type: 'program', launcher: '', texts, env: [] };
}

const typedGpus = /^gpu:([A-Za-z][\w.-]*):(\d+)$/;

/** `secrets`: variables whose values were not kept. */
export function valuesFrom(draft: Draft, secrets: readonly string[] = []): FormValues {
  const { slurm = {}, pueue = {} } = draft;
  const [, gpuType, typedCount] = (draft.gpus === undefined && typedGpus.exec(slurm.gres ?? '')) || [];
  const said: Partial<Record<TextField, string | number>> = {
    hostId: draft.hostId ?? '',
    name: draft.name ?? '',
    command: draft.command ?? '',
    description: draft.description ?? '',
    kind: draft.kind ?? '',
    cwd: draft.cwd ?? '',
    uploadFrom: draft.uploadFrom ?? '',
    port: draft.port ?? '',
    gpus: draft.gpus ?? typedCount ?? '',
    gpuType: gpuType ?? '',
    priority: draft.priority ?? '',
    timeoutSeconds: draft.timeoutSeconds === undefined ? '' : durationText(draft.timeoutSeconds),
    'slurm.partition': slurm.partition ?? '',
    'slurm.account': slurm.account ?? '',
    'slurm.qos': slurm.qos ?? '',
    'slurm.time': slurm.time ?? '',
    'slurm.cpus': slurm.cpus ?? '',
    'slurm.memory': slurm.memory ?? '',
    'slurm.gres': gpuType === undefined ? (slurm.gres ?? '') : '',
    'slurm.nodes': slurm.nodes ?? '',
    'slurm.array': slurm.array ?? '',
    'slurm.dependency': slurm.dependency ?? '',
    'slurm.script': slurm.script ?? '',
    'pueue.group': pueue.group ?? '',
    'pueue.priority': pueue.priority ?? '',
  };
  const { texts, ...empty } = emptyValues();
  for (const [field, value] of Object.entries(said)) {
    texts[field as TextField] = String(value);
  }
  return {
    ...empty,
    ...(draft.type && { type: draft.type }),
    launcher: hostLaunchers.find((launcher) => launcher === draft.launcher) ?? '',
    texts,
    env: [
      ...Object.entries(draft.env ?? {}).map(([name, value]) => ({ name, value })),
      ...secrets.map((name): Variable => ({ name, value: '', isLost: true })),
    ],
    ...(slurm.requeue !== undefined && { requeue: slurm.requeue }),
    ...(draft.systemd && { systemd: true }),
  };
}

/** The batch script that the command names, or that it was submitted with before. */
export function scriptOf({ texts }: Pick<FormValues, 'texts'>): string | undefined {
  const before = texts['slurm.script'];
  return before !== '' && texts.command === `sbatch ${before}` ? before : batchScriptOf(texts.command);
}

/** What is no number becomes `NaN`, which the rules of a spec refuse. */
const numberOf = (text: string): number => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);

/** What would be submitted: only what goes with the type and the launcher. */
export function draftFrom(values: FormValues, launcher: HostLauncher): Draft {
  const { texts, type, env } = values;
  const text = (field: TextField) => texts[field].trim() || undefined;
  const number = (field: TextField) => {
    const typed = text(field);
    return typed === undefined ? undefined : numberOf(typed);
  };
  const command = texts.command.trim() === '' ? '' : texts.command;
  const variables = env.filter(({ name, value }) => name.trim() !== '' || value !== '');
  const { timeoutSeconds } = texts;
  return defined<Draft>({
    hostId: texts.hostId,
    type,
    name: text('name') ?? defaultName(command),
    command,
    description: text('description'),
    kind: text('kind'),
    cwd: text('cwd'),
    uploadFrom: text('uploadFrom'),
    env:
      variables.length === 0
        ? undefined
        : Object.fromEntries(variables.map(({ name, value }) => [name.trim(), value])),
    launcher: launcher === 'process' ? undefined : launcher,
    port: type === 'server' ? number('port') : undefined,
    priority: launcher === 'process' ? number('priority') : undefined,
    systemd: launcher === 'process' && values.systemd ? true : undefined,
    timeoutSeconds: timeoutSeconds.trim() === '' ? undefined : durationSeconds(timeoutSeconds),
    gpus: launcher === 'pueue' || (launcher === 'slurm' && hasTypedGpus(texts)) ? undefined : number('gpus'),
    slurm: launcher === 'slurm' ? nonEmpty(slurmFrom(values, text, number)) : undefined,
    pueue:
      launcher === 'pueue'
        ? nonEmpty(defined({ group: text('pueue.group'), priority: number('pueue.priority') }))
        : undefined,
  });
}

const hasTypedGpus = (texts: FormValues['texts']): boolean =>
  texts.gpuType !== '' && /^[1-9]\d*$/.test(texts.gpus.trim());

function slurmFrom(
  values: FormValues,
  text: (field: TextField) => string | undefined,
  number: (field: TextField) => number | undefined,
): NonNullable<SubmitSpec['slurm']> {
  const { texts, requeue } = values;
  const typed = hasTypedGpus(texts) ? `gpu:${texts.gpuType}:${texts.gpus.trim()}` : undefined;
  return defined<NonNullable<SubmitSpec['slurm']>>({
    partition: text('slurm.partition'),
    account: text('slurm.account'),
    qos: text('slurm.qos'),
    time: text('slurm.time'),
    cpus: number('slurm.cpus'),
    memory: text('slurm.memory'),
    gres: [typed, text('slurm.gres')].filter((each) => each !== undefined).join(',') || undefined,
    nodes: number('slurm.nodes'),
    array: text('slurm.array'),
    dependency: text('slurm.dependency'),
    requeue,
    script: scriptOf(values),
  });
}

/** Without the values that are undefined. */
const defined = <T extends object>(all: { [K in keyof T]?: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T;

const nonEmpty = <T extends object>(all: T): T | undefined =>
  Object.keys(all).length === 0 ? undefined : all;
