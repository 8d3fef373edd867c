import type { SubmitSpec } from './operation';
import { specProblems, type Draft } from './spec';

/** What the `#SBATCH` lines of a script ask for, and the lines that an operation has no field for. */
export interface SbatchLines {
  draft: Pick<Draft, 'name' | 'cwd' | 'gpus' | 'slurm'>;
  notTaken: string[];
}

type Slurm = NonNullable<SubmitSpec['slurm']>;
type TextOption = Exclude<keyof Slurm, 'cpus' | 'nodes' | 'requeue' | 'script'>;

const shortNames: Record<string, string> = {
  A: 'account',
  D: 'chdir',
  G: 'gpus',
  J: 'job-name',
  N: 'nodes',
  a: 'array',
  c: 'cpus-per-task',
  d: 'dependency',
  p: 'partition',
  q: 'qos',
  t: 'time',
};
const textOptions: Record<string, TextOption> = {
  account: 'account',
  array: 'array',
  dependency: 'dependency',
  gres: 'gres',
  mem: 'memory',
  partition: 'partition',
  qos: 'qos',
  time: 'time',
};
const countOptions: Record<string, 'cpus' | 'nodes'> = { 'cpus-per-task': 'cpus', nodes: 'nodes' };

/** Reads the lines up to the first command, as sbatch does: each holds one or more options. */
export function readSbatchLines(script: string): SbatchLines {
  const found: SbatchLines = { draft: {}, notTaken: [] };
  for (const line of script.split(/\r?\n/u)) {
    if (line.trim() !== '' && !line.startsWith('#')) {
      break;
    }
    const options = /^#SBATCH\s+(.*?)\s*$/u.exec(line)?.[1]?.replace(/\s#.*$/u, '');
    if (options !== undefined) {
      takeLine(options, line.trim(), found);
    }
  }
  return found;
}

function takeLine(options: string, line: string, found: SbatchLines): void {
  const draft = optionsOf(options).reduce<SbatchLines['draft'] | undefined>(
    (before, [name, value]) => before && withOption(before, name, value),
    found.draft,
  );
  if (draft && isValid(draft)) {
    found.draft = draft;
  } else {
    found.notTaken.push(line);
  }
}

/** `--name=value`, `--name value`, `-n value`, `-nvalue`, and names alone. */
function optionsOf(text: string): [name: string, value: string][] {
  const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|(?:[^\s"']|"[^"]*"|'[^']*')+/gu)].map(
    ([word, double, single]) => double ?? single ?? word.replace(/["']/gu, ''),
  );
  const options: [string, string][] = [];
  for (const word of words) {
    const [, long, value] = /^--([a-z-]+)(?:=(.*))?$/u.exec(word) ?? [];
    const [, short, rest] = /^-([A-Za-z])(.*)$/u.exec(word) ?? [];
    const last = options.at(-1);
    if (long !== undefined) {
      options.push([long, value ?? '']);
    } else if (short !== undefined) {
      options.push([shortNames[short] ?? short, rest ?? '']);
    } else if (last?.[1] === '') {
      last[1] = word;
    } else {
      options.push(['', word]);
    }
  }
  return options;
}

function withOption(
  draft: SbatchLines['draft'],
  name: string,
  value: string,
): SbatchLines['draft'] | undefined {
  const withSlurm = (part: Slurm) => ({ ...draft, slurm: { ...draft.slurm, ...part } });
  const textOption = textOptions[name];
  const countOption = countOptions[name];
  if (value === '') {
    return name === 'requeue' || name === 'no-requeue'
      ? withSlurm({ requeue: name === 'requeue' })
      : undefined;
  }
  if (textOption !== undefined) {
    return withSlurm({ [textOption]: value });
  }
  if (countOption !== undefined) {
    return withSlurm({ [countOption]: Number(value) });
  }
  switch (name) {
    case 'job-name':
      return { ...draft, name: value };
    case 'chdir':
      return { ...draft, cwd: value };
    case 'gpus':
      return { ...draft, gpus: Number(value) };
    default:
      return undefined;
  }
}

/** An operation asks for GPUs by node: a number for the whole job is the same on one node only. */
const isValid = (draft: SbatchLines['draft']): boolean =>
  !(draft.gpus !== undefined && (draft.slurm?.nodes ?? 1) > 1) &&
  specProblems({
    ...draft,
    hostId: '-',
    type: 'job',
    name: draft.name ?? '-',
    command: '-',
    launcher: 'slurm',
  }).length === 0;
