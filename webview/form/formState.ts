/** All that the form knows, and what follows from it. Pure. */
import * as l10n from '@vscode/l10n';
import type { HostLauncher, LaunchChoices, Partition } from '../../src/operations/operationView';
import { specProblems, type Draft } from '../../src/operations/spec';
import type { FormHost, FormValues, PortTold, WaitableJob } from '../../src/views/newOperation/protocol';
import { launcherPhrase } from './launcherWords';
import { draftFrom, scriptOf } from './values';

/** What a host told of how it starts operations; `asking`: nothing yet. */
export type Told =
  | { kind: 'asking' }
  | { kind: 'choices'; choices: LaunchChoices; jobs: WaitableJob[] }
  | { kind: 'silent'; problem: string };

/** What a batch script on the host asks for. */
export interface Directives {
  hostId: string;
  script: string;
  lines: string[];
  problem?: string;
}

export interface Known {
  values: FormValues;
  hosts: readonly FormHost[];
  told: ReadonlyMap<string, Told>;
  directives?: Directives;
  /** What was told of a port last. */
  port?: PortTold;
}

export interface FormState {
  values: FormValues;
  hosts: readonly FormHost[];
  host: FormHost | undefined;
  told: Told | undefined;
  choices: LaunchChoices | undefined;
  jobs: readonly WaitableJob[];
  launcher: HostLauncher;
  /** The partition that a job goes to, as far as that is known. */
  partition: Partition | undefined;
  script: string | undefined;
  directives: Directives | undefined;
  /** What is known of the port that is typed, on that host. */
  portTold: PortTold | undefined;
  draft: Draft;
  /** What is wrong, by field; of variables by `env.` and the place in the list. */
  problems: ReadonlyMap<string, string>;
}

export function stateOf({ values, hosts, told: all, directives: read, port }: Known): FormState {
  const { texts } = values;
  const host = hosts.find(({ id }) => id === texts.hostId);
  const told = host && all.get(host.id);
  const choices = told?.kind === 'choices' ? told.choices : undefined;
  const launcher = launcherOf(values, choices);
  const script = launcher === 'slurm' ? scriptOf(values) : undefined;
  const directives = read && read.hostId === host?.id && read.script === script ? read : undefined;
  const draft = draftFrom(values, launcher);
  const state = {
    values,
    hosts,
    host,
    told,
    choices,
    jobs: told?.kind === 'choices' ? told.jobs : [],
    launcher,
    partition: partitionOf(texts['slurm.partition'], choices),
    script,
    directives,
    portTold: port && port.hostId === host?.id && port.port === draft.port ? port : undefined,
    draft,
  };
  return { ...state, problems: problemsOf(state) };
}

/** What the user chose; else Slurm for what is a batch script, else the first that the host offers. */
function launcherOf(values: FormValues, choices: LaunchChoices | undefined): HostLauncher {
  const offered = choices?.launchers ?? [];
  if (values.launcher !== '') {
    return values.launcher;
  }
  if (offered.includes('slurm') && scriptOf(values) !== undefined) {
    return 'slurm';
  }
  return offered.includes('process') ? 'process' : (offered[0] ?? 'process');
}

function partitionOf(name: string, choices: LaunchChoices | undefined): Partition | undefined {
  const partitions = choices?.partitions ?? [];
  return partitions.find((each) => (name === '' ? each.isDefault : each.name === name));
}

function problemsOf(state: Omit<FormState, 'problems'>): Map<string, string> {
  const { values, host, choices, launcher, draft, directives } = state;
  const problems = new Map<string, string>();
  for (const { field, message } of specProblems(draft)) {
    problems.set(field, message);
  }
  if (values.texts.hostId !== '' && !host) {
    problems.set('hostId', l10n.t('This host is not configured any more. Choose another one.'));
  }
  if (host && choices && !choices.launchers.includes(launcher)) {
    problems.set(
      'launcher',
      l10n.t('{0} offers no start {1}. Choose another way.', host.name, launcherPhrase(launcher)),
    );
  }
  if (Number.isNaN(draft.timeoutSeconds)) {
    problems.set('timeoutSeconds', l10n.t('Write the time limit like "90 min" or "1 h 30 min".'));
  }
  if (directives?.problem !== undefined) {
    problems.set('command', directives.problem);
  }
  return withVariables(values, problems);
}

/** The rules name variables; the form has rows, in which a name may stand twice or not at all. */
function withVariables({ env }: FormValues, problems: Map<string, string>): Map<string, string> {
  const all = new Map([...problems].filter(([field]) => !field.startsWith('env.')));
  env.forEach(({ name: typed, value, isLost }, index) => {
    const name = typed.trim();
    const isTwice = name !== '' && env.findIndex((other) => other.name.trim() === name) < index;
    const problem =
      (isTwice ? l10n.t('{0} is there twice.', name) : undefined) ??
      (name === '' && value === '' ? undefined : problems.get(`env.${name}`)) ??
      (isLost && value === '' ? l10n.t('Its value was not kept: type it again, or remove it.') : undefined);
    if (problem !== undefined) {
      all.set(`env.${index}`, problem);
    }
  });
  return all;
}
