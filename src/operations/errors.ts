/** What can go wrong in ways we expect. Code decides on `code`, never on message text. */
export type ErrorCode =
  /** The caller's input is not valid. */
  | 'InvalidInput'
  | 'UnknownHost'
  | 'UnknownOperation'
  /** The action does not apply to the operation's present status. */
  | 'NotApplicable'
  /** No connection: refused, timed out, name not found. Says nothing about operations. */
  | 'Unreachable'
  /** The connection ended, or no answer came in time, after a request was sent: it may have been carried out. */
  | 'NoAnswer'
  /** Authentication failed or needs the user. */
  | 'NeedsLogin'
  | 'HostKeyRejected'
  | 'HostKeyChanged'
  /** The host answered, but not what was asked: no POSIX shell, garbled output. */
  | 'BadAnswer'
  /** The local database could not be written. */
  | 'NotSaved'
  | 'Cancelled';

/**
 * An expected failure. `message` is a whole sentence for the user that names the host or operation and
 * says what to do next.
 */
export class RemoteOperationsError extends Error {
  override readonly name = 'RemoteOperationsError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export const isRemoteOperationsError = (error: unknown, code?: ErrorCode): error is RemoteOperationsError =>
  error instanceof RemoteOperationsError && (code === undefined || error.code === code);

export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
