import type { ResponseError } from 'vscode-jsonrpc/node';
import * as v from 'valibot';
import { RemoteOperationsError, errorMessage, type ErrorCode } from '../operations/errors';

/** In the range that JSON-RPC leaves to applications. */
const rpcCode = 1;

/** Any code: both windows run the same version, so it is one of ours. */
const dataSchema = v.object({ code: v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]{1,40}$/)) });

/** The window that owned the engine went away before it answered. What was asked may have been done. */
export class OwnerLost extends RemoteOperationsError {
  constructor(message: string) {
    super('NoAnswer', message);
  }
}

/** An error as it crosses to another window: message and code, no stack. */
export function toWire(
  error: unknown,
  Response: typeof ResponseError,
): ResponseError<{ code: string } | undefined> {
  const data = error instanceof RemoteOperationsError ? { code: error.code } : undefined;
  return new Response(rpcCode, errorMessage(error), data);
}

export function fromWire(error: unknown): Error {
  const parsed = v.safeParse(dataSchema, (error as { data?: unknown }).data);
  return parsed.success
    ? new RemoteOperationsError(parsed.output.code as ErrorCode, errorMessage(error))
    : new Error(errorMessage(error));
}
