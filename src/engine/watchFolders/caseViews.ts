import type { CaseState, CaseView } from '../../operations/watchFolder';
import type { CaseRecord } from './caseRecord';
import { idOf } from './config';

export interface Progress {
  doneBytes: number;
  totalBytes: number;
}

export interface Underway {
  progress: (caseId: string) => Progress | undefined;
  /** Why nothing goes on with the folder's host. */
  waitsFor: string | undefined;
}

/** So many rows of one folder are shown. */
const mostShown = 200;

/** Those that need the user come first. */
const order: Record<CaseState, number> = {
  failed: 0,
  changed: 0,
  uploading: 1,
  uploaded: 1,
  waiting: 2,
  submitted: 3,
  seen: 4,
};

export function caseViews(
  folderId: string,
  records: readonly CaseRecord[],
  waiting: ReadonlyMap<string, string | undefined>,
  { progress, waitsFor }: Underway,
): { cases: CaseView[]; more: number } {
  const known = records.filter(({ state }) => state !== 'waiting').map((record) => ({ ...record }));
  const unquiet = [...waiting].map(([name, reason]) => ({
    name,
    reason,
    state: 'waiting' as const,
    at: '',
    attempt: 1,
  }));
  const all = [...known, ...unquiet] as (CaseRecord & { state: CaseState })[];
  all.sort((a, b) => order[a.state] - order[b.state] || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const cases = all.slice(0, mostShown).map((record): CaseView => {
    const { name, state, token, remotePath } = record;
    const id = idOf([folderId, name]);
    const underWay = progress(id);
    const isDue = state === 'uploading' || state === 'uploaded';
    const reason = record.reason ?? (isDue ? waitsFor : undefined);
    const isSubmitted = state === 'submitted' || state === 'changed';
    return {
      id,
      name,
      state,
      ...(reason !== undefined && { reason }),
      ...(state === 'uploading' && underWay),
      ...(isSubmitted && token !== undefined && { operationId: token }),
      ...(remotePath !== undefined && { remotePath }),
    };
  });
  return { cases, more: all.length - cases.length };
}
