import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { RemoteOperationsError } from './errors';
import type { SubmitSpec } from './operation';
import { hostLaunchers } from './operationView';
import { pueueSchema } from './pueueOptions';
import { slurmSchema } from './slurmOptions';
import { required, shownName, text } from './specText';
import { startsOnHost } from './untilFree';

const variableName = v.pipe(
  text(() => l10n.t('The name of an environment variable'), 200),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, () =>
    l10n.t('The name of an environment variable has letters, digits and _ only.'),
  ),
  v.check(
    (name) => !name.startsWith('REMOTE_OPS_'),
    () => l10n.t('Variables named REMOTE_OPS_... are set for each operation.'),
  ),
);

/** A root has no name that it could have on a host. */
const uploadSchema = v.pipe(
  text(() => l10n.t('The folder to upload'), 4_000),
  v.regex(/^(\/|~[/\\]|[A-Za-z]:[/\\]|\\\\)/, () =>
    l10n.t('The folder to upload must be an absolute path of this computer, or begin with ~/.'),
  ),
  v.check(
    (path) =>
      !/^(|\.{1,2}|~|[A-Za-z]:)$/.test(
        path
          .replace(/[/\\]+$/, '')
          .split(/[/\\]/)
          .at(-1) ?? '',
      ),
    () => l10n.t('The folder to upload must be one with a name of its own.'),
  ),
);

const portSchema = v.pipe(
  v.number(() => l10n.t('The port must be a number from 1 to 65535.')),
  v.integer(() => l10n.t('The port must be a whole number from 1 to 65535.')),
  v.minValue(1, () => l10n.t('The port must be a number from 1 to 65535.')),
  v.maxValue(65535, () => l10n.t('The port must be a number from 1 to 65535.')),
);

const gpusMessage = () => l10n.t('The number of GPUs must be a whole number from 0 to 1024.');
const gpusSchema = v.pipe(
  v.number(gpusMessage),
  v.integer(gpusMessage),
  v.minValue(0, gpusMessage),
  v.maxValue(1024, gpusMessage),
);

const priorityMessage = () => l10n.t('The priority must be a whole number from -1000 to 1000.');
const prioritySchema = v.pipe(
  v.number(priorityMessage),
  v.integer(priorityMessage),
  v.minValue(-1000, priorityMessage),
  v.maxValue(1000, priorityMessage),
);

const longestTimeoutSeconds = 10 * 365 * 24 * 3600;
const timeoutMessage = () => l10n.t('The time limit must be a whole number of seconds from 1 to ten years.');
const timeoutSchema = v.pipe(
  v.number(timeoutMessage),
  v.integer(timeoutMessage),
  v.minValue(1, timeoutMessage),
  v.maxValue(longestTimeoutSeconds, timeoutMessage),
);

const specSchema = v.strictObject(
  {
    hostId: required(() => l10n.t('The host'), 200),
    type: v.picklist(['server', 'job', 'program', 'transfer'], () =>
      l10n.t('The type must be server, job, program or transfer.'),
    ),
    name: required(() => l10n.t('The name'), 500),
    command: required(() => l10n.t('The command'), 100_000),
    kind: v.optional(text(() => l10n.t('The kind'), 100)),
    description: v.optional(text(() => l10n.t('The description'), 2_000)),
    cwd: v.optional(text(() => l10n.t('The folder'), 4_000)),
    env: v.optional(
      v.record(
        variableName,
        text(() => l10n.t('The value of an environment variable'), 100_000),
      ),
    ),
    launcher: v.optional(
      v.picklist(hostLaunchers, () => l10n.t('The launcher must be "process", "slurm" or "pueue".')),
    ),
    slurm: v.optional(slurmSchema),
    pueue: v.optional(pueueSchema),
    uploadFrom: v.optional(uploadSchema),
    systemd: v.optional(v.boolean('"systemd" must be true or false.')),
    gpus: v.optional(gpusSchema),
    priority: v.optional(prioritySchema),
    startWhenFree: v.optional(v.boolean('"startWhenFree" must be true or false.')),
    port: v.optional(portSchema),
    timeoutSeconds: v.optional(timeoutSchema),
  },
  (issue) =>
    issue.expected === 'never'
      ? l10n.t('"{0}" is not supported by this version.', String(issue.path?.[0].key))
      : l10n.t('An operation needs a host, a type, a name and a command.'),
);

/**
 * Takes what a user or another extension handed in and gives a spec that can be trusted.
 * @throws RemoteOperationsError `InvalidInput` with a sentence that names the field
 */
export function parseSpec(input: unknown): SubmitSpec {
  const result = v.safeParse(specSchema, withCommand(input));
  const [problem] = result.success ? conflicts(result.output as SubmitSpec) : result.issues;
  if (problem) {
    throw new RemoteOperationsError('InvalidInput', problem.message);
  }
  const { cwd, ...spec } = result.output as SubmitSpec;
  const folder = cwd?.trim();
  // An empty field of a form means the default.
  return {
    ...spec,
    name: shownName(spec.name),
    ...(folder && { cwd: folder }),
  };
}

/** What is wrong with a field, in a sentence. `field`: its name, or a path like `slurm.time` or `env.PORT`. */
export interface SpecProblem {
  field: string;
  message: string;
}

/** Fields that are right by themselves and do not go together. */
function conflicts(draft: Draft): SpecProblem[] {
  const { launcher = 'process', slurm, pueue, systemd, gpus, env, priority, startWhenFree } = draft;
  const found: SpecProblem[] = [];
  if (launcher !== 'slurm' && slurm) {
    found.push({ field: 'slurm', message: l10n.t('"slurm" needs the launcher "slurm".') });
  }
  if (launcher !== 'slurm' && gpus && env?.['CUDA_VISIBLE_DEVICES'] !== undefined) {
    found.push({
      field: 'env.CUDA_VISIBLE_DEVICES',
      message: l10n.t(
        'CUDA_VISIBLE_DEVICES is set to the GPUs that are claimed: leave it out of the environment, or "gpus".',
      ),
    });
  }
  if (launcher === 'pueue' && gpus) {
    found.push({
      field: 'gpus',
      message: l10n.t('"gpus" needs the launcher "process" or "slurm": pueue shares GPUs out by its groups.'),
    });
  }
  if (launcher !== 'pueue' && pueue) {
    found.push({ field: 'pueue', message: l10n.t('"pueue" needs the launcher "pueue".') });
  }
  if (launcher !== 'process' && systemd) {
    found.push({ field: 'systemd', message: l10n.t('"systemd" needs the launcher "process".') });
  }
  if (launcher !== 'process' && priority !== undefined) {
    found.push({ field: 'priority', message: l10n.t('"priority" needs the launcher "process".') });
  }
  if (!startsOnHost(launcher) && startWhenFree) {
    found.push({
      field: 'startWhenFree',
      message: l10n.t(
        '"startWhenFree" needs the launcher "process" or "pueue": Slurm starts jobs on other machines.',
      ),
    });
  }
  return found;
}

/** A spec that is not complete yet. */
export type Draft = Partial<SubmitSpec>;

/** All that keeps a draft from being a spec, at most one for each field. None: `parseSpec` takes it. */
export function specProblems(draft: Draft): SpecProblem[] {
  const { issues = [] } = v.safeParse(specSchema, withCommand(draft));
  const all = issues.map(({ path = [], message }) => ({
    field: path.map(({ key }) => String(key)).join('.'),
    message,
  }));
  const byField = new Map([...conflicts(draft), ...all.reverse()].map((problem) => [problem.field, problem]));
  return [...byField.values()].reverse();
}

/** What was stored of a spec, as far as it may be complete; `undefined` when it is none of this version. */
export function parseDraft(stored: unknown): Draft | undefined {
  const result = v.safeParse(v.partial(specSchema), stored);
  return result.success ? (result.output as Draft) : undefined;
}

/** A batch script stands for the command, which is then only what is shown. */
function withCommand(input: unknown): unknown {
  const { command, slurm } = (input ?? {}) as { command?: unknown; slurm?: { script?: unknown } | null };
  const script = slurm?.script;
  return command === undefined && typeof script === 'string'
    ? { ...(input as object), command: `sbatch ${script.trim()}` }
    : input;
}

/** The same rules for one field, for input boxes. `undefined` means valid. */
export function fieldProblem(field: 'name' | 'command' | 'port', value: unknown): string | undefined {
  const result = v.safeParse(specSchema.entries[field], value);
  return result.success ? undefined : result.issues[0].message;
}
