import * as l10n from '@vscode/l10n';
import { type Disposable, Emitter } from '../emitter';
import { RemoteOperationsError } from '../operations/errors';
import { isAway } from '../operations/hostState';
import type { HostView } from '../operations/operationView';
import type { HostStateChange } from './connection';
import { formatAddress } from './destination';
import { NeedsUser } from './hostErrors';
import { HostQuestions } from './hostQuestions';
import type { HostConfig, Machine } from './machine';
import { QuestionQueue } from './questionQueue';
import type { Asker } from './questions';

export interface HostDirectoryOptions {
  create: (host: HostConfig, onState: (change: HostStateChange) => void, questions: HostQuestions) => Machine;
  /** The settings no longer lead to where this host led. */
  onRemoved: (host: HostConfig) => void;
  /** Now, as ISO 8601. */
  now: () => string;
}

interface Entry {
  config: HostConfig;
  view: HostView;
  questions: HostQuestions;
  machine?: Machine | undefined;
}

/** The configured hosts, a machine for each that is in use, and how well each is reached. */
export class HostDirectory {
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Emitter<void>();
  readonly #queue = new QuestionQueue();

  readonly onDidChange = this.#changed.event;

  constructor(private readonly options: HostDirectoryOptions) {}

  /** Takes over the settings. A host that stayed the same keeps its connection. */
  configure(configs: readonly HostConfig[]): void {
    const wanted = new Map(configs.map((config) => [config.id, config]));
    for (const [id, entry] of this.#entries) {
      if (JSON.stringify(wanted.get(id)) !== JSON.stringify(entry.config)) {
        entry.machine?.dispose();
        this.#entries.delete(id);
        if (!configs.some((config) => isSamePlace(config, entry.config))) {
          this.options.onRemoved(entry.config);
        }
      }
    }
    const entries = configs.map((config) => this.#entries.get(config.id) ?? newEntry(config, this.#queue));
    this.#entries.clear();
    for (const entry of entries) {
      this.#entries.set(entry.config.id, entry);
    }
    this.#changed.fire();
  }

  all(): HostView[] {
    return [...this.#entries.values()].map(({ view }) => view);
  }

  nameOf(hostId: string): string {
    return this.#entries.get(hostId)?.view.name ?? hostId;
  }

  /** @throws RemoteOperationsError `UnknownHost` */
  machine(hostId: string): Machine {
    const entry = this.#entries.get(hostId);
    if (!entry) {
      throw new RemoteOperationsError(
        'UnknownHost',
        l10n.t(
          'There is no host "{0}" in the settings. Add it with "Remote Operations: Add Host...".',
          hostId,
        ),
      );
    }
    entry.machine ??= this.#create(entry);
    return entry.machine;
  }

  #create(entry: Entry): Machine {
    const note = (change: HostStateChange) => {
      // What a machine that was let go still tells is over.
      if (entry.machine === machine && entry.view.state !== 'disconnected') {
        this.#note(entry, change);
      }
    };
    const machine = this.options.create(entry.config, note, entry.questions);
    return machine;
  }

  /** A user wants something of the host: it may ask them, and is connected again if it was disconnected. */
  permitQuestions(hostId: string, asker: Asker): Disposable {
    const entry = this.#entries.get(hostId);
    if (entry?.view.state === 'disconnected') {
      entry.machine = undefined;
      this.#note(entry, { state: 'idle' });
    }
    return entry?.questions.permit(asker) ?? { dispose: () => undefined };
  }

  /** On the user's word: there is no connection until a user wants something of the host again. */
  disconnect(hostId: string): void {
    const entry = this.#entries.get(hostId);
    if (entry) {
      // Disposed of, it refuses whatever looks by itself.
      this.machine(hostId).dispose();
      this.#note(entry, { state: 'disconnected' });
    }
  }

  /** Closes the connection; the next use makes a new one. */
  renew(hostId: string): void {
    const entry = this.#entries.get(hostId);
    if (entry && entry.view.state !== 'disconnected') {
      entry.machine?.dispose();
      entry.machine = undefined;
    }
  }

  dispose(): void {
    for (const { machine } of this.#entries.values()) {
      machine?.dispose();
    }
    this.#entries.clear();
  }

  #note(entry: Entry, { state, error, roundTripMs }: HostStateChange): void {
    if (state === 'connecting' && isAway(entry.view.state)) {
      // While it is being tried again, the last error still is what there is to say.
      return;
    }
    const { id, name, address, unreachableSince, lastContactAt, launchers, maxConcurrent } = entry.view;
    const now = this.options.now();
    const roundTrip = roundTripMs ?? entry.view.roundTripMs;
    const since = isAway(state) ? (unreachableSince ?? now) : undefined;
    const contact = state === 'connected' ? now : lastContactAt;
    entry.view = {
      id,
      name,
      address,
      state,
      ...(launchers && { launchers }),
      ...(maxConcurrent !== undefined && { maxConcurrent }),
      ...(error && { error: error.message, errorCode: error.code }),
      ...(error instanceof NeedsUser && { waitsForUser: true as const }),
      ...(since !== undefined && { unreachableSince: since }),
      ...(contact !== undefined && { lastContactAt: contact }),
      ...(roundTrip !== undefined && { roundTripMs: Math.round(roundTrip) }),
    };
    this.#changed.fire();
  }
}

const isSamePlace = (a: HostConfig, b: HostConfig): boolean =>
  a.host === b.host && a.user === b.user && a.port === b.port;

function newEntry(config: HostConfig, queue: QuestionQueue): Entry {
  const { id, name, host, user, port, launchers, maxConcurrent } = config;
  const destination = port === undefined ? host : formatAddress(host, port);
  return {
    config,
    questions: new HostQuestions(queue),
    view: {
      id,
      name: name ?? id,
      address: user ? `${user}@${destination}` : destination,
      state: 'idle',
      ...(launchers && { launchers }),
      ...(maxConcurrent !== undefined && { maxConcurrent }),
    },
  };
}
