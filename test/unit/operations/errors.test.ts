import assert from 'node:assert/strict';
import { errorMessage, isRemoteOperationsError, RemoteOperationsError } from '../../../src/operations/errors';

describe('RemoteOperationsError', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new RemoteOperationsError('Unreachable', 'gpu-box refused the connection.', { cause });

  it('is an Error with a code, a sentence and its cause', () => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'RemoteOperationsError');
    assert.equal(error.code, 'Unreachable');
    assert.equal(error.message, 'gpu-box refused the connection.');
    assert.equal(error.cause, cause);
  });

  it('is told by its code, never by its text', () => {
    assert.ok(isRemoteOperationsError(error));
    assert.ok(isRemoteOperationsError(error, 'Unreachable'));
    assert.ok(!isRemoteOperationsError(error, 'NoAnswer'));
    assert.ok(!isRemoteOperationsError(new Error('gpu-box refused the connection.'), 'Unreachable'));
    assert.ok(!isRemoteOperationsError({ code: 'Unreachable' }));
  });

  it('has words for whatever was thrown', () => {
    assert.equal(errorMessage(error), 'gpu-box refused the connection.');
    assert.equal(errorMessage('text'), 'text');
    assert.equal(errorMessage(undefined), 'undefined');
  });
});
