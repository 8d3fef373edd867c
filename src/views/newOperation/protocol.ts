/** What the form's host side and its webview say to each other. Both import only this. */
import type { HostLauncher, HostView, LaunchChoices } from '../../operations/operationView';
import type { Draft } from '../../operations/spec';
import type { OperationType } from '../../operations/status';

/** Fields that are typed or chosen as text: names and paths as in a spec, and `gpuType`, which becomes part of the GRES. */
export const textFields = [
  'hostId',
  'name',
  'command',
  'description',
  'kind',
  'cwd',
  'port',
  'gpus',
  'gpuType',
  'priority',
  'timeoutSeconds',
  'uploadFrom',
  'slurm.partition',
  'slurm.account',
  'slurm.qos',
  'slurm.time',
  'slurm.cpus',
  'slurm.memory',
  'slurm.gres',
  'slurm.nodes',
  'slurm.array',
  'slurm.dependency',
  'slurm.script',
  'pueue.group',
  'pueue.priority',
] as const;
export type TextField = (typeof textFields)[number];

export interface Variable {
  name: string;
  value: string;
  /** Its value was a secret, which is not kept: it must be typed again. */
  isLost?: true;
}

/** The form as it is filled in, right or wrong. */
export interface FormValues {
  type: OperationType;
  /** Empty: the first that the host offers. */
  launcher: HostLauncher | '';
  texts: Record<TextField, string>;
  env: Variable[];
  /** Whether Slurm may start it anew; missing: as a script says, else it may not. */
  requeue?: boolean;
  /** Whether the user's own service manager starts it. */
  systemd?: boolean;
}

export interface Template {
  name: string;
  draft: Draft;
  /** Variables whose values were not kept. */
  secrets: string[];
}

export interface FormHost extends Pick<HostView, 'id' | 'name' | 'address' | 'state'> {
  /** Its state in words. */
  description: string;
  /** What the user can do about it, where it cannot be used. */
  action?: HostAction;
  error?: string;
}

export type HostAction = 'retryHost' | 'logIn';

/** Another job of the user on that host, for which one can wait. */
export interface WaitableJob {
  name: string;
  jobId: string;
}

/** Text of an editor that can become the command. */
export interface Selection {
  /** Of the file. */
  name: string;
  text: string;
}

export interface Library {
  templates: Template[];
  /** The latest first. */
  recent: Template[];
}

export interface FormInit {
  title: string;
  /** What the form begins with. */
  draft: Draft;
  /** What to know of the draft, like lines of a script that were not taken. */
  note?: string;
  /** Variables of the draft whose values are not known. */
  secrets?: string[];
  /** What was typed before, secrets as well, while the panel lived on. */
  values?: FormValues;
  hosts: FormHost[];
  library: Library;
  selection?: Selection;
  /** What was typed into a form that was closed. */
  left?: FormValues;
  /** It was submitted, and there is no answer yet. */
  isSubmitting?: true;
  /** Why it was not started when it was last submitted. */
  problem?: string;
}

/** What a port is like: `text` where it is taken. */
export interface PortTold {
  type: 'port';
  hostId: string;
  port: number;
  text?: string;
  nextFree?: number;
}

export type ToForm =
  | { type: 'init'; init: FormInit }
  | { type: 'hosts'; hosts: FormHost[] }
  | { type: 'library'; library: Library }
  | { type: 'choices'; hostId: string; choices: LaunchChoices; jobs: WaitableJob[] }
  | { type: 'noChoices'; hostId: string; problem: string }
  | { type: 'directives'; hostId: string; script: string; lines: string[]; problem?: string }
  | { type: 'folder'; path: string }
  | { type: 'selection'; selection: Selection }
  | { type: 'refused'; problem: string }
  /** It was not submitted, on the user's word. */
  | { type: 'resumed' }
  | PortTold;

export type ToHost =
  | { type: 'ready' }
  /** `isEdited`: by the user, not only filled in. */
  | { type: 'changed'; values: FormValues; isEdited: boolean }
  /** From its list, or taken back. `isLeft`: with what was left in a form that was closed. */
  | { type: 'filled'; isLeft: boolean }
  | { type: 'askChoices'; hostId: string }
  | { type: 'askDirectives'; hostId: string; script: string }
  | { type: 'askPort'; hostId: string; port: number }
  | { type: 'host'; action: HostAction; hostId: string }
  | { type: 'addHost' }
  | { type: 'browse' }
  | { type: 'submit'; draft: Draft }
  | { type: 'saveTemplate'; draft: Draft }
  | { type: 'deleteTemplate'; name: string };
