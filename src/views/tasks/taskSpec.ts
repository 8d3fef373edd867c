import * as l10n from '@vscode/l10n';
import type { HostView } from '../../operations/operationView';
import { batchScriptOf } from '../../operations/slurmOptions';
import { specProblems, type Draft } from '../../operations/spec';
import { withLauncher } from '../../operations/withLauncher';
import type { Template } from '../newOperation/protocol';

/** Fields of a task's definition that are those of a `SubmitSpec`, by the same name. */
export const taskFields = [
  'name',
  'command',
  'cwd',
  'env',
  'uploadFrom',
  'launcher',
  'slurm',
  'pueue',
  'systemd',
  'gpus',
  'priority',
  'port',
  'timeoutSeconds',
  'kind',
  'description',
] as const;

/** A task's definition, as a workspace has it in its tasks.json: anything. */
export type TaskDefinition = Readonly<Record<string, unknown>>;

/** What is to be submitted, and where; or why that cannot be, in a sentence or several. */
export type TaskSpec = { host: HostView; spec: Draft } | { problems: string[] };

/**
 * What a task asks for. It names one of the user's own hosts and never says where that is or how it is reached.
 * @param label names what has no name of its own
 */
export function taskSpec(definition: TaskDefinition, label: string, hosts: readonly HostView[]): TaskSpec {
  const host = hostOf(definition['host'], hosts);
  if (typeof host === 'string') {
    return { problems: [host] };
  }
  const given = Object.fromEntries(
    taskFields.filter((field) => definition[field] !== undefined).map((field) => [field, definition[field]]),
  );
  const draft: Draft = {
    type: 'program',
    name: label,
    ...given,
    ...(definition['operationType'] !== undefined && {
      type: definition['operationType'] as NonNullable<Draft['type']>,
    }),
    hostId: host.id,
  };
  const spec = withBatchScript(draft.launcher === undefined ? withLauncher(draft, host) : draft);
  const problems = specProblems(spec).map(({ field, message }) => `${nameInTask(field)}: ${message}`);
  return problems.length > 0 ? { problems } : { host, spec };
}

/** @returns the host, or why there is none, in a sentence */
function hostOf(wanted: unknown, hosts: readonly HostView[]): HostView | string {
  const known = hosts.map(({ id }) => id).join(', ');
  const [only] = hosts;
  if (!only) {
    return l10n.t('No host is known yet. The command "Add Host..." of Remote Operations adds one.');
  }
  if (wanted === undefined || wanted === '') {
    return hosts.length === 1 ? only : l10n.t('host: There are several. Name one of them: {0}.', known);
  }
  const [byId] = hosts.filter(({ id }) => id === wanted);
  const [byName, ...namesakes] = hosts.filter(({ name }) => name === wanted);
  if (byId) {
    return byId;
  }
  if (byName && namesakes.length === 0) {
    return byName;
  }
  const text = typeof wanted === 'string' ? wanted : JSON.stringify(wanted);
  return byName
    ? l10n.t('host: Several are named "{0}". Name one of them by its id: {1}.', text, known)
    : l10n.t('host: You have no host "{0}". Known are: {1}.', text, known);
}

/** `sbatch FILE` stands for the batch script, as in the form. */
function withBatchScript(draft: Draft): Draft {
  const { launcher, slurm, command } = draft;
  const script =
    launcher === 'slurm' && typeof command === 'string' && slurm?.script === undefined
      ? batchScriptOf(command)
      : undefined;
  return script === undefined ? draft : { ...draft, slurm: { ...slurm, script } };
}

/** VS Code takes `type` for the type of the task, and a host is named by its id or its name. */
function nameInTask(field: string): string {
  const names: Record<string, string> = { hostId: 'host', type: 'operationType' };
  return names[field] ?? field;
}

/** What of templates can be run without a form: values that were not kept as they are secret would be missing. */
export const templateTasks = (templates: readonly Template[]) =>
  templates
    .filter(({ secrets }) => secrets.length === 0)
    .map(({ name, draft: { hostId, type, ...draft } }) => {
      const fields = taskFields.filter((field) => draft[field] !== undefined);
      const definition: TaskDefinition = {
        ...Object.fromEntries(fields.map((field) => [field, draft[field]])),
        // VS Code would fill in an empty one.
        command: draft.command ?? `sbatch ${draft.slurm?.script ?? ''}`,
        ...(hostId !== undefined && { host: hostId }),
        ...(type !== undefined && { operationType: type }),
      };
      return { name, definition };
    });
