import * as l10n from '@vscode/l10n';
import type { OperationView } from '../operations/operationView';
import type { News } from './ends';
import { oneLine } from './historyTable';
import { shortName } from './shortName';

const mostNamed = 3;

export type HostNameOf = (hostId: string) => string;

/** The same in every window, and another one if it runs and ends again. */
export function newsKey({ kind, view }: News): string {
  const { id, status, endedAt = '', stalledSince = '' } = view;
  return kind === 'stall' ? `${id} stalled ${stalledSince}` : `${id} ${status} ${endedAt}`;
}

/** "train on dgx-1 failed: exit 3", or of several "3 operations ended: train on dgx-1 failed, ...". */
export function newsText(news: readonly News[], hostNameOf: HostNameOf): string {
  const sentences = news.map((each) => sentence(each, hostNameOf));
  const [only] = news;
  if (only && news.length === 1) {
    return [sentences[0], only.kind === 'end' ? reason(only.view) : undefined].filter(Boolean).join(': ');
  }
  const named = sentences.slice(0, mostNamed).join(', ');
  const others = news.length - mostNamed;
  const areEnds = news.every(({ kind }) => kind === 'end');
  if (others > 0) {
    return areEnds
      ? l10n.t('{0} operations ended: {1} and {2} more', news.length, named, others)
      : l10n.t('{0} operations ended or stalled: {1} and {2} more', news.length, named, others);
  }
  return areEnds
    ? l10n.t('{0} operations ended: {1}', news.length, named)
    : l10n.t('{0} operations ended or stalled: {1}', news.length, named);
}

/** "While you were away: 3 completed, 1 failed, 2 still running"; of one end alone, what it was. */
export function digestText(news: readonly News[], running: number, hostNameOf: HostNameOf): string {
  const count = (fits: (each: News) => boolean) => news.filter(fits).length;
  const ended = (status: OperationView['status']) =>
    count(({ kind, view }) => kind === 'end' && view.status === status);
  const only = news.length === 1 ? newsText(news, hostNameOf) : undefined;
  const counts: [number, string][] = [
    [ended('completed'), l10n.t('{0} completed', ended('completed'))],
    [ended('failed'), l10n.t('{0} failed', ended('failed'))],
    [ended('stopped'), l10n.t('{0} stopped', ended('stopped'))],
    [
      count(({ kind }) => kind === 'stall'),
      l10n.t(
        '{0} stalled',
        count(({ kind }) => kind === 'stall'),
      ),
    ],
  ];
  const rest = running > 0 ? [l10n.t('{0} still running', running)] : [];
  const text =
    only === undefined
      ? [...counts.filter(([number]) => number > 0).map(([, part]) => part), ...rest].join(', ')
      : [only, ...rest].join(' · ');
  return l10n.t('While you were away: {0}', text);
}

/** What its output tells, with the plain fact behind it. */
function reason({ cause, error }: OperationView): string | undefined {
  const told = cause?.title ?? error;
  return told === undefined ? undefined : oneLine(told);
}

function sentence({ kind, view: { name, status, hostId } }: News, hostNameOf: HostNameOf): string {
  const short = shortName(name);
  const host = hostNameOf(hostId);
  if (kind === 'stall') {
    return l10n.t('{0} on {1} has stalled', short, host);
  }
  switch (status) {
    case 'completed':
      return l10n.t('{0} on {1} completed', short, host);
    case 'failed':
      return l10n.t('{0} on {1} failed', short, host);
    default:
      return l10n.t('{0} on {1} stopped', short, host);
  }
}
