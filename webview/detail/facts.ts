/** Where and how it runs, in names and numbers. */
import * as l10n from '@vscode/l10n';
import type { Resources } from '../../src/operations/operationView';
import { resourceNames, resourceWords } from '../../src/operations/resourceWords';
import { reasonText } from '../../src/operations/scheduler';
import { isRunning, isTerminal } from '../../src/operations/status';
import { typeText } from '../../src/operations/typeText';
import { element, foreignText, setForeignText, setHidden, setWholeText } from '../shared/dom';
import { formatCount, formatDuration, formatFullTime, formatTime } from '../shared/format';
import type { Part, Shown } from './part';
import { section } from './section';

interface Fact {
  text: string;
  title?: string;
}

type Reader = readonly [label: () => string, read: (shown: Shown, now: number) => Fact | undefined];

const fact = (text: string | number | undefined): Fact | undefined =>
  text === undefined || text === '' ? undefined : { text: String(text) };
const at = (iso: string | undefined, now: number): Fact | undefined =>
  iso === undefined ? undefined : { text: formatTime(iso, now), title: formatFullTime(iso) };

const readers: readonly Reader[] = [
  [() => l10n.t('Type'), ({ operation }) => fact(typeText(operation.type))],
  [() => l10n.t('Started with'), ({ operation }) => fact(startedWith(operation))],
  [() => l10n.t('Reported by'), ({ operation }) => fact(operation.reportedBy)],
  [
    () => l10n.t('Job'),
    ({ operation }) => (operation.launcher === 'slurm' ? fact(jobText(operation)) : undefined),
  ],
  [
    () => l10n.t('Task'),
    ({ operation }) => (operation.launcher === 'pueue' ? fact(jobText(operation)) : undefined),
  ],
  [() => l10n.t('Partition'), ({ operation }) => fact(operation.scheduler?.partition)],
  [() => l10n.t('Node'), ({ operation }) => fact(operation.scheduler?.node)],
  [() => l10n.t('Group'), ({ operation }) => fact(operation.scheduler?.group)],
  [() => l10n.t('Tasks'), ({ operation }) => fact(tasksText(operation.scheduler?.tasks))],
  [() => l10n.t('Waits for'), waitsFor],
  [() => l10n.t('PID'), ({ operation }) => fact(operation.pid)],
  [() => l10n.t('Port'), ({ operation }) => fact(operation.port)],
  [() => l10n.t('GPUs'), ({ operation }) => fact(operation.gpus?.join(', '))],
  [() => l10n.t('Priority'), ({ operation }) => fact(operation.priority)],
  [
    () => l10n.t('Time limit'),
    ({ operation }) =>
      operation.timeoutSeconds === undefined ? undefined : fact(formatDuration(operation.timeoutSeconds)),
  ],
  [
    () => l10n.t('Submitted'),
    ({ operation }, now) => at(isTracked(operation) ? undefined : operation.submittedAt, now),
  ],
  [
    () => l10n.t('Tracked since'),
    ({ operation }, now) => at(isTracked(operation) ? operation.submittedAt : undefined, now),
  ],
  [() => l10n.t('Started'), ({ operation }, now) => at(operation.startedAt, now)],
  [() => l10n.t('Ended'), ({ operation }, now) => at(operation.endedAt, now)],
  [() => l10n.t('Ran'), ran],
  [() => l10n.t('Up'), up],
  [() => l10n.t('Exit code'), ({ operation }) => fact(operation.exitCode)],
  ...resourceNames.map((name): Reader => [resourceWords[name].label, (shown) => usedOf(name, shown)]),
];

function usedOf(name: keyof Resources, { operation }: Shown): Fact | undefined {
  const used = isRunning(operation.shownStatus) ? operation.resources?.[name] : undefined;
  return used === undefined ? undefined : fact(resourceWords[name].text(used));
}

const isTracked = ({ adopted }: Shown['operation']): boolean => adopted !== undefined;

function startedWith(operation: Shown['operation']): string {
  if (isTracked(operation)) {
    return l10n.t('Not known: it was found running');
  }
  switch (operation.launcher) {
    case 'process':
      return l10n.t('A plain process');
    case 'slurm':
      return 'Slurm';
    case 'pueue':
      return 'pueue';
    case 'external':
      return l10n.t('Another extension');
  }
}

const jobText = ({ scheduler }: Shown['operation']): string | undefined =>
  scheduler && `${scheduler.jobId} (${scheduler.state})`;

function tasksText(tasks: NonNullable<Shown['operation']['scheduler']>['tasks']): string | undefined {
  if (!tasks) {
    return undefined;
  }
  const { running, pending, failed, cancelled, completed } = tasks;
  const said = [
    running > 0 && l10n.t('{0} running', formatCount(running)),
    pending > 0 && l10n.t('{0} pending', formatCount(pending)),
    failed > 0 && l10n.t('{0} failed', formatCount(failed)),
    cancelled > 0 && l10n.t('{0} cancelled', formatCount(cancelled)),
    completed > 0 && l10n.t('{0} completed', formatCount(completed)),
  ];
  return said.filter((part) => part !== false).join(', ');
}

function waitsFor({ operation: { status, scheduler, waitsFor: slot } }: Shown): Fact | undefined {
  return status === 'pending' && scheduler?.reason
    ? { text: reasonText(scheduler.reason), title: scheduler.reason }
    : fact(slot);
}

const secondsSince = (iso: string, untilMs: number): number => (untilMs - Date.parse(iso)) / 1000;

function ran({ operation: { startedAt, endedAt } }: Shown): Fact | undefined {
  return startedAt === undefined || endedAt === undefined
    ? undefined
    : fact(formatDuration(secondsSince(startedAt, Date.parse(endedAt))));
}

function up({ operation: { startedAt, status, shownStatus } }: Shown, now: number): Fact | undefined {
  const isUp = startedAt !== undefined && !isTerminal(status) && shownStatus !== 'unknown';
  return isUp ? fact(formatDuration(secondsSince(startedAt, now))) : undefined;
}

export function createFacts(): Part {
  const rows = readers.map(([label, read]) => {
    const value = foreignText('dd', '');
    return { read, value, row: element('div', 'fact', element('dt', '', label()), value) };
  });
  return {
    element: section('facts', l10n.t('Facts'), element('dl', '', ...rows.map(({ row }) => row))),
    update(shown, now) {
      for (const { read, value, row } of rows) {
        const found = read(shown, now);
        setHidden(row, found === undefined);
        if (found?.title === undefined) {
          setWholeText(value, found?.text);
        } else {
          setForeignText(value, found.text, found.title);
        }
      }
    },
  };
}
