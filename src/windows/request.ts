import * as l10n from '@vscode/l10n';
import { CancellationTokenSource, ErrorCodes, ParameterStructures } from 'vscode-jsonrpc/node';
import * as v from 'valibot';
import { RemoteOperationsError } from '../operations/errors';
import type { Link } from './link';
import { type Method, type Params, requests, type Result } from './protocol';
import { fromWire, OwnerLost } from './remoteErrors';

export interface RequestOptions {
  deadlineMs: number;
  /** For how long the owner has had all it needs of our user. */
  quietMs?: () => number;
  /** Says what to do when the owner went away before it answered. */
  lost: string;
  /** Crosses over: what is asked ends there, and says so. */
  signal?: AbortSignal;
}

/**
 * Asks the owner.
 * @throws OwnerLost, RemoteOperationsError `NoAnswer` at the deadline, and whatever the engine rejects with
 */
export async function request<M extends Method>(
  link: Link,
  method: M,
  params: Params<M>,
  options: RequestOptions,
): Promise<Result<M>> {
  const { deadlineMs, lost, signal, quietMs = () => Infinity } = options;
  if (link.ended.aborted) {
    throw new OwnerLost(lost);
  }
  const cancellation = new CancellationTokenSource();
  const cancel = () => cancellation.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) {
    cancel();
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const wait = (milliseconds: number) => {
      timer = setTimeout(() => {
        const leftMs = deadlineMs - quietMs();
        if (leftMs > 0) {
          wait(leftMs);
          return;
        }
        cancel();
        reject(noAnswer(deadlineMs));
      }, milliseconds);
    };
    wait(deadlineMs);
  });
  try {
    const sent = link.rpc.sendRequest<unknown>(
      method,
      ParameterStructures.byName,
      params,
      cancellation.token,
    );
    return understood(method, await Promise.race([sent, late]));
  } catch (error) {
    if (error instanceof RemoteOperationsError) {
      throw error;
    }
    // The connection rejects what is pending when it ends, too.
    throw link.ended.aborted || wasNotWritten(error) ? new OwnerLost(lost) : fromWire(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

/** The socket refused the request before its end was heard of. Numbers of other meaning are the owner's words. */
function wasNotWritten(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === ErrorCodes.MessageWriteError || typeof code === 'string';
}

function understood<M extends Method>(method: M, answer: unknown): Result<M> {
  const parsed = v.safeParse(requests[method].result, answer);
  if (!parsed.success) {
    throw new RemoteOperationsError(
      'BadAnswer',
      l10n.t(
        'Another window answered "{0}" in a way that is not understood: {1}. Reload the windows.',
        method,
        parsed.issues[0].message,
      ),
    );
  }
  return parsed.output;
}

const noAnswer = (deadlineMs: number): RemoteOperationsError =>
  new RemoteOperationsError(
    'NoAnswer',
    l10n.t(
      'The window that looks after the operations did not answer within {0} seconds. What was asked may still be done: look at the list.',
      Math.round(deadlineMs / 1000),
    ),
  );
