import type { Duplex } from 'node:stream';
import type { HostLauncher } from '../operations/operationView';
import type { MachineFiles } from './machineFiles';

/** A host as the user configured it (setting `remoteOps.hosts`). */
export interface HostConfig {
  id: string;
  name?: string;
  /** An alias of the SSH config, a host name or an address; or `local`: this computer. */
  host: string;
  user?: string;
  port?: number;
  identityFile?: string;
  /** How many plain processes may run there at once; 0: any number. Default: the setting of this name. */
  maxConcurrent?: number;
  /** How operations may be started there. Default: as a process, and by what queues of Slurm and pueue the host has. */
  launchers?: HostLauncher[];
}

/** The host that is this computer itself, whatever the SSH config calls so. */
export const localHost = 'local';

export interface RunOptions {
  /** Written to the script's standard input, which is then closed. */
  input?: string;
  /** The whole run, connecting excluded, must end within this time. */
  deadlineMs: number;
  /** More output than this ends the run with `BadAnswer`. Default 8 MiB. */
  maxOutputBytes?: number;
  signal?: AbortSignal;
}

export interface RunResult {
  exitCode: number;
  stdout: string;
  /** Cut to its last 4 KiB. */
  stderr: string;
}

export interface AskOptions {
  /** The answer is complete with the first line that begins with this. */
  until: string;
  /** A request not answered within this time ends the conversation. */
  deadlineMs: number;
  /** More output than this ends the conversation, and the request with `BadAnswer`. Default 8 MiB. */
  maxOutputBytes?: number;
  signal?: AbortSignal;
}

/** A script that stays on the machine and answers requests on its standard input, one after the other. */
export interface Conversation {
  /** False once it has ended, for whatever reason: it does not come back. */
  readonly isOpen: boolean;
  /**
   * Resolves with what the script printed in answer. One request at a time. Any failure ends the
   * conversation. `Unreachable`: it had ended before, and nothing was sent; else as for `Machine.run`.
   */
  ask(input: string, options: AskOptions): Promise<string>;
  /** Closes the script's standard input, at which it is to end. */
  close(): void;
}

export interface ForwardTarget {
  hostName: string;
  port: number;
}

export interface ForwardedConnection {
  readonly stream: Duplex;
  /** Its end came because the machine was lost: what came before it may not be all. */
  readonly isLost: boolean;
}

export interface ConverseOptions {
  /** Connecting excluded, the script must have been started within this time. */
  deadlineMs: number;
  signal?: AbortSignal;
}

/**
 * A machine that runs our scripts. Errors: `Unreachable`, `NeedsLogin`, `HostKeyRejected` and
 * `HostKeyChanged` mean that nothing was sent. `NoAnswer` means that the script may have run, or may
 * still be running; so does an abort after the script was sent, before that it is `Cancelled`. No error says
 * anything about the operations on the machine.
 */
export interface Machine {
  readonly hostId: string;
  /** Connects on the user's word, whatever was declined or failed before; resolves once a script can run. */
  connect(signal?: AbortSignal): Promise<void>;
  /** Runs a POSIX shell script under `/bin/sh`, whatever the login shell is. Connects first. */
  run(script: string, options: RunOptions): Promise<RunResult>;
  /**
   * Starts a script that stays; connects first. `undefined`, or no such method: there is no room for one
   * beside the runs, use these. Errors as for `run`.
   */
  converse?(script: string, options: ConverseOptions): Promise<Conversation | undefined>;
  /**
   * Lets the work write files; connects first. One such work at a time, the others wait in line. Errors as for
   * `run`, and `BadAnswer` where the host takes no files.
   */
  withFiles?<T>(work: (files: MachineFiles) => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * A connection that is made from the machine, to an address as it sees it; connects first. Without this method the
   * machine is this computer. @throws as for `run` before anything was sent, and `NotApplicable`: it was refused there
   */
  forward?(target: ForwardTarget, signal: AbortSignal): Promise<ForwardedConnection>;
  dispose(): void;
}
