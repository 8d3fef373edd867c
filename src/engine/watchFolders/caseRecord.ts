import * as v from 'valibot';
import { caseStates, type CaseState } from '../../operations/watchFolder';

/** What the ledger knows of a case. `waiting` is kept only where it has a token already. */
export interface CaseRecord {
  folderId: string;
  name: string;
  state: CaseState;
  /** When it got this state, ISO 8601. */
  at: string;
  /** Id of the operation that it is, or will be, submitted as: on the disk before anything happens on a host. */
  token?: string | undefined;
  /** 1 for its first submission; each later one is another folder on the host. */
  attempt: number;
  reason?: string | undefined;
  /** Of what is uploaded, or was. */
  contentHash?: string | undefined;
  /** Of the files as they were last looked at. */
  fingerprint?: string | undefined;
  remotePath?: string | undefined;
}

export const recordSchema = v.looseObject({
  folderId: v.string(),
  name: v.string(),
  state: v.picklist(caseStates),
  at: v.string(),
  attempt: v.number(),
  token: v.optional(v.string()),
  reason: v.optional(v.string()),
  contentHash: v.optional(v.string()),
  fingerprint: v.optional(v.string()),
  remotePath: v.optional(v.string()),
});

/** What happens to a case. */
export type CaseEvent =
  | { kind: 'quiet'; newToken: string }
  | { kind: 'read'; contentHash: string; fingerprint: string }
  /** Its files changed before it was whole on the host. */
  | { kind: 'unquiet' }
  | { kind: 'uploaded'; remotePath: string }
  | { kind: 'submitted' }
  | { kind: 'failed'; reason: string }
  | { kind: 'changed' }
  | { kind: 'touched'; fingerprint: string }
  /** On the user's word. */
  | { kind: 'retry'; newToken: string };

/**
 * The record after an event; `undefined` where the event does not apply. A token stays until the operation that
 * bears it was submitted: only a submission of other content, on the user's word, gets a new one.
 */
export function next(record: CaseRecord, event: CaseEvent, at: string): CaseRecord | undefined {
  const become = (state: CaseState, change: Partial<CaseRecord> = {}): CaseRecord => ({
    ...record,
    reason: undefined,
    ...change,
    state,
    at,
  });
  const { state, token } = record;
  switch (event.kind) {
    case 'quiet':
      return state === 'waiting' ? become('uploading', { token: token ?? event.newToken }) : undefined;
    case 'read':
      return state === 'uploading'
        ? { ...record, contentHash: event.contentHash, fingerprint: event.fingerprint }
        : undefined;
    case 'unquiet':
      return state === 'uploading' ? become('waiting') : undefined;
    case 'uploaded':
      return state === 'uploading' ? become('uploaded', { remotePath: event.remotePath }) : undefined;
    case 'submitted':
      return state === 'uploaded' ? become('submitted') : undefined;
    case 'failed':
      return state === 'uploading' || state === 'uploaded'
        ? become('failed', { reason: event.reason })
        : undefined;
    case 'changed':
      return state === 'submitted' ? become('changed') : undefined;
    case 'touched':
      return { ...record, fingerprint: event.fingerprint };
    case 'retry':
      if (state === 'failed') {
        return become('uploading', { token: token ?? event.newToken });
      }
      if (state === 'seen') {
        return become('uploading', { token: event.newToken });
      }
      return state === 'changed'
        ? become('uploading', { token: event.newToken, attempt: record.attempt + 1, remotePath: undefined })
        : undefined;
  }
}

/** The name of a case's folder on the host: what was submitted before may still run in the others. */
export const remoteName = ({ name, attempt }: CaseRecord): string =>
  attempt === 1 ? name : `${name}-${attempt}`;
