import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  next,
  remoteName,
  type CaseEvent,
  type CaseRecord,
} from '../../../../src/engine/watchFolders/caseRecord';

const at = '2026-01-01T00:00:00.000Z';
const fresh: CaseRecord = { folderId: 'f', name: 'case', state: 'waiting', at, attempt: 1 };

const follow = (record: CaseRecord, ...events: CaseEvent[]): CaseRecord =>
  events.reduce((before, event) => {
    const after = next(before, event, at);
    assert.ok(after, `${event.kind} of ${before.state}`);
    return after;
  }, record);

const quiet: CaseEvent = { kind: 'quiet', newToken: 'first' };
const read: CaseEvent = { kind: 'read', contentHash: 'h', fingerprint: 'p' };
const uploaded: CaseEvent = { kind: 'uploaded', remotePath: '/cases/case' };
const submitted: CaseEvent = { kind: 'submitted' };
const failed: CaseEvent = { kind: 'failed', reason: 'no room' };
const retry: CaseEvent = { kind: 'retry', newToken: 'second' };

describe('the record of a case', () => {
  it('goes from waiting to submitted with one token', () => {
    const record = follow(fresh, quiet, read, uploaded, submitted);
    assert.deepEqual(
      [record.state, record.token, record.remotePath, record.contentHash],
      ['submitted', 'first', '/cases/case', 'h'],
    );
  });

  it('keeps its token through failures and changes until it is submitted', () => {
    const record = follow(fresh, quiet, failed, retry, { kind: 'unquiet' }, { kind: 'quiet', newToken: 'x' });
    assert.deepEqual([record.state, record.token, record.reason], ['uploading', 'first', undefined]);
  });

  it('gets a new token and another folder only for content that was changed, on the word of the user', () => {
    const record = follow(fresh, quiet, read, uploaded, submitted, { kind: 'changed' }, retry);
    assert.deepEqual([record.state, record.token, remoteName(record)], ['uploading', 'second', 'case-2']);
  });

  it('says why it failed until it is tried again', () => {
    assert.equal(follow(fresh, quiet, failed).reason, 'no room');
    assert.equal(follow(fresh, quiet, failed, retry).reason, undefined);
  });

  it('one that was seen is taken up on the word of the user only', () => {
    const seen: CaseRecord = { ...fresh, state: 'seen' };
    assert.equal(next(seen, quiet, at), undefined);
    assert.deepEqual(follow(seen, retry).token, 'second');
  });

  it('whatever happens, a token that was submitted is not submitted again', () => {
    const events = fc.constantFrom<CaseEvent['kind']>(
      'quiet',
      'read',
      'unquiet',
      'uploaded',
      'submitted',
      'failed',
      'changed',
      'touched',
      'retry',
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), (kinds) => {
        let record = fresh;
        const submissions: (string | undefined)[] = [];
        for (const [index, kind] of kinds.entries()) {
          const event = {
            kind,
            newToken: `t${index}`,
            reason: 'r',
            contentHash: 'h',
            fingerprint: 'p',
            remotePath: `/${index}`,
          } as unknown as CaseEvent;
          const after = next(record, event, at);
          if (after && kind === 'submitted') {
            assert.equal(record.state, 'uploaded');
            submissions.push(after.token);
          }
          record = after ?? record;
        }
        assert.ok(submissions.every((token) => token !== undefined));
        assert.equal(new Set(submissions).size, submissions.length);
      }),
    );
  });
});
