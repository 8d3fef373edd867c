// What "pueue status --json" printed on real daemons of both versions, and what tasks_of (pueue.sh) keeps of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../testbed/repositoryRoot';

export const goldenVersions = ['3.4.1', '4.0.4'];

export const goldenStatus = (version: string): string =>
  readFileSync(path.join(repositoryRoot, `test/unit/launchers/goldenPueue/status-${version}.txt`), 'utf8');

interface Status {
  tasks: Record<string, { id: number; label: string | null; status: string | Record<string, unknown> }>;
  groups: Record<string, object>;
}

const kept = ['id', 'status', 'group', 'label', 'dependencies', 'start', 'end', 'parallel_tasks'];

const only = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => kept.includes(key)));

/** The lines that tasks_of makes of it. @param tokens only those tasks */
export function keptLines(status: string, tokens?: readonly string[]): string[] {
  const { tasks, groups } = JSON.parse(status) as Status;
  const wanted = Object.values(tasks).filter(
    ({ label }) => !tokens || tokens.some((token) => label === `remote-ops-${token}`),
  );
  return [
    ...wanted.map((task) => {
      const state = typeof task.status === 'string' ? task.status : (Object.keys(task.status)[0] ?? '');
      return `task ${task.id} ${state} ${JSON.stringify(only(task))}`;
    }),
    ...Object.entries(groups).map(([name, group]) => `group ${JSON.stringify({ name, ...only(group) })}`),
    'whole',
  ];
}
