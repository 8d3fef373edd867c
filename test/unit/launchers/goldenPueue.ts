// What "pueue status --json" printed on real daemons of both versions, and what tasks_of (pueue.sh) keeps of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../testbed/repositoryRoot';

export const goldenVersions = ['3.4.1', '4.0.4'];

export const goldenStatus = (version: string): string =>
  readFileSync(path.join(repositoryRoot, `test/unit/launchers/goldenPueue/status-${version}.txt`), 'utf8');

interface GoldenTask {
  id: number;
  label: string | null;
  status: string | Record<string, unknown>;
  original_command?: string;
}

interface Status {
  tasks: Record<string, GoldenTask>;
  groups: Record<string, object>;
}

const kept = ['id', 'status', 'group', 'label', 'dependencies', 'start', 'end', 'parallel_tasks'];
const keptOfOthers = ['id', 'status', 'group', 'dependencies', 'start', 'end', 'created_at'] as const;

const only = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => kept.includes(key)));

const stateOf = ({ status }: GoldenTask): string =>
  typeof status === 'string' ? status : (Object.keys(status)[0] ?? '');

const tasksIn = (status: string): GoldenTask[] => Object.values((JSON.parse(status) as Status).tasks);

export const labelsIn = (status: string): string[] =>
  tasksIn(status).flatMap(({ label }) => (label?.startsWith('remote-ops-') ? [label.slice(11)] : []));

/** The lines that tasks_of makes of the tasks of these operations. */
export function keptLines(status: string, tokens: readonly string[] = labelsIn(status)): string[] {
  const wanted = tasksIn(status).filter(({ label }) =>
    tokens.some((token) => label === `remote-ops-${token}`),
  );
  return [
    ...wanted.map((task) => `task ${task.id} ${stateOf(task)} ${JSON.stringify(only(task))}`),
    ...groupLines(status),
    'whole',
  ];
}

/** The lines that it makes of all others. @param names of those tasks, by number */
export function otherLines(status: string, names: Record<number, string>): string[] {
  const others = tasksIn(status).filter((task) => names[task.id] !== undefined);
  return [
    ...others.map((task) => {
      const values = task as unknown as Record<string, unknown>;
      const fields = keptOfOthers
        .filter((key) => key in values)
        .map((key): [string, unknown] => [key, values[key]]);
      const told = { ...Object.fromEntries<unknown>(fields), name: names[task.id] };
      return `other ${task.id} ${stateOf(task)} ${JSON.stringify(told)}`;
    }),
    ...groupLines(status),
    'whole',
  ];
}

const groupLines = (status: string): string[] =>
  Object.entries((JSON.parse(status) as Status).groups).map(
    ([name, group]) => `group ${JSON.stringify({ name, ...only(group) })}`,
  );
