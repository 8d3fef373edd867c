import { setMaxListeners } from 'node:events';
import * as l10n from '@vscode/l10n';
import { RemoteOperationsError, isRemoteOperationsError } from '../operations/errors';
import type { HostStateChange } from './connection';
import { Conversations } from './conversations';
import { Deadline } from './deadline';
import { diskFiles } from './diskFiles';
import { cancelled, disconnected, explainStop, type HostLabel } from './hostErrors';
import { LocalShell, type LocalShellOptions } from './localShell';
import {
  localHost,
  type Conversation,
  type ConverseOptions,
  type HostConfig,
  type Machine,
  type RunOptions,
  type RunResult,
} from './machine';
import type { MachineFiles } from './machineFiles';
import { scriptArgument } from './quote';
import { defaultMaxOutputBytes, markBegin, runScript } from './scriptRun';
import { Slots } from './slots';

export interface LocalMachineOptions extends LocalShellOptions {
  host: Pick<HostConfig, 'id' | 'name'>;
  onState?: (change: HostStateChange) => void;
}

/** A kill waits for its grace time and a probe stays, so more than the few cores. */
const maxScripts = 8;
const connectDeadlineMs = 10_000;

/** This computer as a machine: the same scripts, without SSH. */
export class LocalMachine implements Machine {
  readonly hostId: string;
  readonly #label: HostLabel;
  readonly #shell: LocalShell;
  readonly #slots = new Slots(maxScripts);
  readonly #conversations = new Conversations(this.#slots);
  readonly #disposal = new AbortController();
  #isConnected = false;

  constructor(private readonly options: LocalMachineOptions) {
    const { id, name } = options.host;
    this.hostId = id;
    this.#label = { name: name ?? id, address: localHost };
    this.#shell = new LocalShell(options);
    // One listener for each run under way.
    setMaxListeners(0, this.#disposal.signal);
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await this.run('true', { deadlineMs: connectDeadlineMs, ...(signal && { signal }) });
  }

  run(script: string, options: RunOptions): Promise<RunResult> {
    return this.#within(options, async (deadline) => {
      const release = await this.#slots.acquire(deadline);
      try {
        return await runScript(this.#shell, {
          ...this.#request(script, options.deadlineMs, deadline),
          input: options.input ?? '',
          maxOutputBytes: options.maxOutputBytes ?? defaultMaxOutputBytes,
        });
      } finally {
        release();
      }
    });
  }

  converse(script: string, options: ConverseOptions): Promise<Conversation | undefined> {
    return this.#within(options, (deadline) =>
      this.#conversations.open(this.#shell, this.#request(script, options.deadlineMs, deadline)),
    );
  }

  withFiles<T>(work: (files: MachineFiles) => Promise<T>): Promise<T> {
    return this.#disposal.signal.aborted ? Promise.reject(disconnected(this.#label)) : work(diskFiles);
  }

  dispose(): void {
    this.#disposal.abort();
    this.#conversations.closeAll();
    this.#isConnected = false;
    this.options.onState?.({ state: 'idle' });
  }

  #request(script: string, deadlineMs: number, signal: AbortSignal) {
    const { text, beginLine } = markBegin(script);
    return {
      label: this.#label,
      script: { command: scriptArgument(text), beginLine },
      signal,
      deadlineMs,
      onStarted: () => this.#noteStart(),
      onUnresponsive: () => undefined,
      isReached: () => true,
    };
  }

  /** Does the work within its deadline, and tells why where it cannot. */
  async #within<T>(
    { deadlineMs, signal }: ConverseOptions,
    work: (deadline: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#disposal.signal.aborted) {
      throw disconnected(this.#label);
    }
    if (signal?.aborted) {
      throw cancelled(this.#label);
    }
    const caller = signal ? AbortSignal.any([signal, this.#disposal.signal]) : this.#disposal.signal;
    const deadline = new Deadline(deadlineMs, caller);
    try {
      this.#refuseWindows();
      return await work(deadline.signal);
    } catch (error) {
      if (isRemoteOperationsError(error, 'Unreachable') || isRemoteOperationsError(error, 'InvalidInput')) {
        this.options.onState?.({ state: error.code === 'InvalidInput' ? 'blocked' : 'unreachable', error });
      }
      throw explainStop(this.#label, error, deadlineMs);
    } finally {
      deadline.clear();
    }
  }

  #refuseWindows(): void {
    if (process.platform === 'win32') {
      throw new RemoteOperationsError(
        'InvalidInput',
        l10n.t(
          '{0} cannot be used: on Windows there is no POSIX shell to run operations with. Open this folder in WSL, or add a host that is reached over SSH.',
          this.#label.name,
        ),
      );
    }
  }

  #noteStart(): void {
    if (!this.#isConnected) {
      this.#isConnected = true;
      this.options.onState?.({ state: 'connected' });
    }
  }
}
