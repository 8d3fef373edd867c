/** A host as the user configured it (setting `remoteOps.hosts`). */
export interface HostConfig {
  id: string;
  name?: string;
  /** An alias of the SSH config, a host name or an address. */
  host: string;
  user?: string;
  port?: number;
  identityFile?: string;
}

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
  dispose(): void;
}
