import type { Duplex, Readable } from 'node:stream';

/**
 * A running command: its standard input and output, and its standard error beside them. `close` comes last,
 * with its exit code; `null` and the signal if one ended it, nothing if the connection was lost.
 */
export interface ScriptChannel extends Duplex {
  readonly stderr: Readable;
  /** Lets go of the command. */
  close(): void;
}

/** What runs command lines: a connection to a host, or this computer. */
export interface Executor {
  exec(command: string, callback: (error: Error | undefined, channel: ScriptChannel) => void): unknown;
}
