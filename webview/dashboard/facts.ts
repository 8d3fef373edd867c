/** Short facts in two lists: where it runs and how it ended, and since when. */
import * as l10n from '@vscode/l10n';
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { isTerminal } from '../../src/operations/status';
import { reasonText } from '../../src/operations/scheduler';
import { element, setAttribute, setHidden, setText } from '../shared/dom';
import { formatDuration, formatFullTime, formatTime } from '../shared/format';
import type { Part } from './part';

interface Fact {
  text: string;
  title?: string;
}

type Reader = readonly [
  label: () => string,
  read: (operation: DashboardOperation, now: number) => Fact | undefined,
];

/** May be long. */
const listed = (text: string): Fact => ({ text, title: text });

const factReaders: readonly Reader[] = [
  [() => l10n.t('Port'), ({ port }) => (port === undefined ? undefined : { text: String(port) })],
  [
    () => l10n.t('PID'),
    ({ pid, status }) => (pid === undefined || isTerminal(status) ? undefined : { text: String(pid) }),
  ],
  [
    () => l10n.t('GPU'),
    ({ gpus, status }) => (gpus === undefined || isTerminal(status) ? undefined : listed(gpus.join(', '))),
  ],
  [() => l10n.t('Handle'), handle],
  [() => l10n.t('Waits for'), waitsFor],
  [
    () => l10n.t('Exit code'),
    ({ exitCode }) => (exitCode === undefined ? undefined : { text: String(exitCode) }),
  ],
];

const timeReaders: readonly Reader[] = [
  [
    () => l10n.t('Submitted'),
    ({ submittedAt, startedAt, endedAt, adopted }, now) =>
      at((startedAt ?? endedAt ?? adopted) ? undefined : submittedAt, now),
  ],
  [() => l10n.t('Expected to start'), expectedStart],
  [
    () => l10n.t('Started'),
    ({ startedAt, endedAt }, now) => at(endedAt === undefined ? startedAt : undefined, now),
  ],
  [() => l10n.t('Up'), uptime],
  [() => l10n.t('Ended'), ({ endedAt }, now) => at(endedAt, now)],
  [() => l10n.t('Ran'), ran],
];

function handle({ handle, pid, launcher, status }: DashboardOperation): Fact | undefined {
  const shown =
    launcher !== 'process' && handle !== undefined && handle !== String(pid) && !isTerminal(status);
  return shown ? { text: handle, title: `${launcher} ${handle}` } : undefined;
}

function waitsFor({ status, scheduler }: DashboardOperation): Fact | undefined {
  return status === 'pending' && scheduler?.reason
    ? { text: reasonText(scheduler.reason), title: scheduler.reason }
    : undefined;
}

/** A time of the cluster's clock: shown as it is, and no span is made of it. */
function expectedStart({ status, scheduler }: DashboardOperation, now: number): Fact | undefined {
  const start = status === 'pending' ? scheduler?.estimatedStart : undefined;
  return start === undefined
    ? undefined
    : { text: formatTime(start, now), title: l10n.t('{0}, as the scheduler says', formatFullTime(start)) };
}

function at(iso: string | undefined, now: number): Fact | undefined {
  return iso === undefined ? undefined : { text: formatTime(iso, now), title: formatFullTime(iso) };
}

function secondsBetween(from: string, to: number): number | undefined {
  const start = Date.parse(from);
  return Number.isNaN(start) || Number.isNaN(to) ? undefined : (to - start) / 1000;
}

/** Runs on between two snapshots; not for an operation that nobody has seen for long. */
export const isTicking = ({ startedAt, status, shownStatus }: DashboardOperation): boolean =>
  startedAt !== undefined && !isTerminal(status) && shownStatus !== 'unknown';

function uptime(operation: DashboardOperation, now: number): Fact | undefined {
  if (operation.startedAt === undefined || !isTicking(operation)) {
    return undefined;
  }
  const seconds = secondsBetween(operation.startedAt, now);
  return seconds === undefined ? undefined : { text: formatDuration(seconds) };
}

function ran({ startedAt, endedAt }: DashboardOperation): Fact | undefined {
  if (startedAt === undefined || endedAt === undefined) {
    return undefined;
  }
  const seconds = secondsBetween(startedAt, Date.parse(endedAt));
  return seconds === undefined
    ? undefined
    : { text: formatDuration(seconds), title: l10n.t('Started {0}', formatFullTime(startedAt)) };
}

export const createFacts = (): Part => createList('facts', factReaders);
export const createTimes = (): Part => createList('facts times', timeReaders);

function createList(className: string, readers: readonly Reader[]): Part {
  const rows = readers.map(([label, read]) => {
    const value = element('dd');
    return { read, value, row: element('div', 'fact', element('dt', '', label()), value) };
  });
  return {
    element: element('dl', className, ...rows.map(({ row }) => row)),
    update(operation, now) {
      for (const { read, value, row } of rows) {
        const fact = read(operation, now);
        setHidden(row, fact === undefined);
        if (fact !== undefined) {
          setText(value, fact.text);
          setAttribute(value, 'title', fact.title);
        }
      }
    },
  };
}
