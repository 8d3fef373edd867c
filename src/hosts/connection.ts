import { setMaxListeners } from 'node:events';
import { type RemoteOperationsError, isRemoteOperationsError } from '../operations/errors';
import type { HostState } from '../operations/operationView';
import { Connector, type ConnectorOptions } from './connector';
import { Conversations } from './conversations';
import { Deadline, untilAborted } from './deadline';
import {
  cancelled,
  connectionGone,
  disconnected,
  explainStop,
  NeedsUser,
  notConnected,
  type HostLabel,
} from './hostErrors';
import type {
  Conversation,
  ConverseOptions,
  ForwardedConnection,
  ForwardTarget,
  Machine,
  RunOptions,
  RunResult,
} from './machine';
import type { MachineFiles } from './machineFiles';
import { openForward } from './portForward';
import {
  ChannelRefused,
  defaultMaxOutputBytes,
  prepareScript,
  runScript,
  type PreparedScript,
} from './scriptRun';
import { openSftp, type SftpChannel } from './sftpFiles';
import { Slots } from './slots';
import type { OpenClient } from './sshClient';

export interface HostStateChange {
  state: HostState;
  error?: RemoteOperationsError;
  roundTripMs?: number;
}

export interface HostLogEvent {
  hostId: string;
  what: 'connected' | 'connect-failed' | 'connection-lost' | 'host-key-not-saved' | 'ran' | 'run-failed';
  durationMs?: number;
  /** A message without secrets. */
  detail?: string;
}

export interface SshMachineOptions extends Omit<ConnectorOptions, 'onKeyNotSaved'> {
  onState?(change: HostStateChange): void;
  log?(event: HostLogEvent): void;
}

/** sshd allows 10 sessions on a connection unless told otherwise; others may need some of them. */
const maxChannels = 4;
/** These are no sessions to sshd (MaxSessions), but each takes memory here and there. */
const maxForwards = 64;
/**
 * Hosts lock out who fails to log in too often: after a failure only the user's word tries at once, and after a
 * question that was not answered nothing else does.
 */
const loginPauseMs = 60_000;

/** A machine reached over SSH: one connection, which all runs share and which is made again when lost. */
export class SshMachine implements Machine {
  readonly hostId: string;
  #open: OpenClient | undefined;
  #opening: Promise<OpenClient> | undefined;
  /** The connection that last took a script. */
  #served: OpenClient | undefined;
  #roundTripMs: number | undefined;
  #loginFailure: { error: RemoteOperationsError; at: number } | undefined;
  readonly #connector: Connector;
  readonly #slots = new Slots(maxChannels);
  readonly #conversations = new Conversations(this.#slots);
  /** One channel for files is enough, and leaves the others to runs. */
  readonly #fileSlot = new Slots(1);
  readonly #forwardSlots = new Slots(maxForwards);
  readonly #disposal = new AbortController();

  constructor(private readonly options: SshMachineOptions) {
    const { host } = options;
    this.hostId = host.id;
    // One listener for each run that waits for the connection.
    setMaxListeners(0, this.#disposal.signal);
    this.#connector = new Connector({
      ...options,
      onKeyNotSaved: (error) => this.#log('host-key-not-saved', performance.now(), error),
    });
  }

  get #label(): HostLabel {
    return this.#connector.label;
  }

  /** Half the time that the host took to open the last channel. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** Connects on the user's word: what was declined is asked again. */
  async connect(signal?: AbortSignal): Promise<void> {
    this.options.questions.allow();
    this.#loginFailure = undefined;
    await this.#ready(signal);
  }

  async run(script: string, options: RunOptions): Promise<RunResult> {
    const prepared = prepareScript(script);
    const started = performance.now();
    try {
      await this.#ready(options.signal);
      const result = await this.#runWithin(prepared, options);
      this.#log('ran', started, `exit code ${result.exitCode}`);
      return result;
    } catch (error) {
      this.#log('run-failed', started, error);
      throw error;
    }
  }

  async converse(script: string, options: ConverseOptions): Promise<Conversation | undefined> {
    const prepared = prepareScript(script);
    const open = await this.#ready(options.signal);
    const deadline = new Deadline(options.deadlineMs, options.signal);
    try {
      return await this.#conversations.open(open.client, {
        label: this.#label,
        script: prepared,
        signal: deadline.signal,
        deadlineMs: options.deadlineMs,
        onStarted: (milliseconds) => this.#noteStart(open, milliseconds),
        onUnresponsive: () => open.close(),
        isReached: () => open.alive,
      });
    } finally {
      deadline.clear();
    }
  }

  async withFiles<T>(work: (files: MachineFiles) => Promise<T>, signal: AbortSignal): Promise<T> {
    const leave = await this.#fileSlot.acquire(signal);
    try {
      await this.#ready(signal);
      const release = await this.#slots.acquire(signal);
      let channel: SftpChannel | undefined;
      try {
        channel = await this.#openFiles(signal);
        return await work(channel.files);
      } finally {
        channel?.end();
        release();
      }
    } finally {
      leave();
    }
  }

  async forward(target: ForwardTarget, signal: AbortSignal): Promise<ForwardedConnection> {
    const release = await this.#forwardSlots.acquire(signal);
    try {
      const open = await this.#ready(signal);
      const stream = await openForward({ client: open.client, label: this.#label }, target, signal);
      stream.once('close', release);
      return {
        stream,
        // ssh2 ends what it has lost like what has ended.
        get isLost() {
          return !open.alive;
        },
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  dispose(): void {
    this.#disposal.abort(disconnected(this.#label));
    this.#open?.close();
    this.#open = undefined;
    this.#setState({ state: 'idle' });
  }

  async #openFiles(signal: AbortSignal): Promise<SftpChannel> {
    const open = await this.#ready(signal);
    try {
      return await openSftp({ open, label: this.#label, signal });
    } catch (error) {
      if (error instanceof ChannelRefused) {
        this.#slots.shrink();
        throw error.cause;
      }
      throw error;
    }
  }

  async #runWithin(script: PreparedScript, options: RunOptions): Promise<RunResult> {
    const deadline = new Deadline(options.deadlineMs, options.signal);
    try {
      for (;;) {
        const result = await this.#attempt(script, options, deadline.signal);
        if (result) {
          return result;
        }
      }
    } catch (error) {
      throw explainStop(this.#label, error, options.deadlineMs);
    } finally {
      deadline.clear();
    }
  }

  /** `undefined`: the host took no further channel and nothing was sent, but another try may do. */
  async #attempt(
    script: PreparedScript,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<RunResult | undefined> {
    const release = await this.#slots.acquire(signal);
    try {
      const open = await untilAborted(this.#connection(), signal);
      const request = {
        label: this.#label,
        script,
        input: options.input ?? '',
        maxOutputBytes: options.maxOutputBytes ?? defaultMaxOutputBytes,
        signal,
        deadlineMs: options.deadlineMs,
        onStarted: (milliseconds: number) => this.#noteStart(open, milliseconds),
        onUnresponsive: () => open.close(),
        isReached: () => open.alive,
      };
      return await runScript(open.client, request).catch((error: unknown) => this.#makeRoom(open, error));
    } finally {
      release();
    }
  }

  /** After a refused channel: fewer channels, or a new connection in place of one that served before. */
  #makeRoom(open: OpenClient, error: unknown): undefined {
    if (!(error instanceof ChannelRefused)) {
      throw error;
    }
    if (this.#slots.shrink()) {
      this.#conversations.makeRoom();
      return;
    }
    // Scripts that we gave up waiting for still count as sessions of their connection.
    open.close();
    if (this.#served !== open) {
      throw error.cause;
    }
  }

  async #ready(signal: AbortSignal | undefined): Promise<OpenClient> {
    const caller = signal ? AbortSignal.any([signal, this.#disposal.signal]) : this.#disposal.signal;
    try {
      caller.throwIfAborted();
      return await untilAborted(this.#connection(), caller);
    } catch (error) {
      throw isRemoteOperationsError(error) ? error : signal?.aborted ? cancelled(this.#label) : error;
    }
  }

  /** The connection there is, or the one being made, or a new one. */
  #connection(): Promise<OpenClient> {
    if (this.#open?.alive) {
      return Promise.resolve(this.#open);
    }
    if (this.#opening) {
      return this.#opening.catch((error: unknown) => this.#afterOthers(error));
    }
    this.#opening = this.#connectOnce().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** What failed because nobody could be asked when it began may do with a user who can. */
  #afterOthers(error: unknown): Promise<OpenClient> {
    if (error instanceof NeedsUser && this.options.questions.mayAsk) {
      return this.#connection();
    }
    throw error;
  }

  /** Why nothing is tried now. */
  #standingFailure(): RemoteOperationsError | undefined {
    const { questions } = this.options;
    const failure = this.#loginFailure;
    if (!failure || (failure.error instanceof NeedsUser && questions.mayAsk)) {
      return undefined;
    }
    const isRecent = performance.now() - failure.at < loginPauseMs;
    return isRecent || questions.isDeclined ? failure.error : undefined;
  }

  async #connectOnce(): Promise<OpenClient> {
    this.#disposal.signal.throwIfAborted();
    const failure = this.#standingFailure();
    if (failure) {
      throw failure;
    }
    this.#setState({ state: 'connecting' });
    const started = performance.now();
    try {
      const open = await this.#connector.open(this.#disposal.signal);
      this.#keep(open);
      this.#log('connected', started, this.#label.address);
      return open;
    } catch (error) {
      this.#noteFailure(error);
      this.#log('connect-failed', started, error);
      throw error;
    }
  }

  #keep(open: OpenClient): void {
    if (this.#disposal.signal.aborted || !open.alive) {
      open.close();
      throw this.#disposal.signal.aborted ? this.#disposal.signal.reason : notConnected(this.#label);
    }
    this.#open = open;
    this.#slots.reset(maxChannels);
    this.#loginFailure = undefined;
    open.onClose(() => this.#lose(open));
    this.#setState({ state: 'connected' });
  }

  #lose(open: OpenClient): void {
    if (this.#open === open) {
      this.#open = undefined;
      this.options.log?.({ hostId: this.hostId, what: 'connection-lost' });
      this.#setState({ state: 'unreachable', error: connectionGone(this.#label) });
    }
  }

  #noteFailure(error: unknown): void {
    if (isRemoteOperationsError(error)) {
      if (error.code === 'NeedsLogin') {
        this.#loginFailure = { error, at: performance.now() };
      }
      this.#setState({ state: stateAfter(error), error });
    } else {
      this.#setState({ state: 'unreachable' });
    }
  }

  /** A channel takes two round trips: one to open it, one to start the script. */
  #noteStart(open: OpenClient, milliseconds: number): void {
    const before = this.#roundTripMs;
    const roundTripMs = milliseconds / 2;
    this.#served = open;
    this.#roundTripMs = roundTripMs;
    // Not at every run: views would redraw for nothing.
    if (open.alive && (before === undefined || Math.abs(before - roundTripMs) > before / 2)) {
      this.#setState({ state: 'connected' });
    }
  }

  #setState(change: HostStateChange): void {
    const roundTripMs = this.#roundTripMs;
    this.options.onState?.({
      ...change,
      ...(change.state === 'connected' && roundTripMs !== undefined && { roundTripMs }),
    });
  }

  #log(what: HostLogEvent['what'], started: number, detail: unknown): void {
    this.options.log?.({
      hostId: this.hostId,
      what,
      durationMs: Math.round(performance.now() - started),
      detail: detail instanceof Error ? detail.message : String(detail),
    });
  }
}

function stateAfter(error: RemoteOperationsError): HostState {
  switch (error.code) {
    case 'NeedsLogin':
      return 'needs-login';
    case 'HostKeyChanged':
    case 'HostKeyRejected':
    case 'InvalidInput':
      return 'blocked';
    case 'Cancelled':
      return 'idle';
    default:
      return 'unreachable';
  }
}
