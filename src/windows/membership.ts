import { hostname } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { pause, systemClock } from '../engine/clock';
import type { OperationsService } from '../engine/operationsService';
import type { Asker } from '../hosts/questions';
import { errorMessage, RemoteOperationsError } from '../operations/errors';
import { Superseded, type WriteFence } from '../store/durableFile';
import { Claims, newToken } from './claims';
import { aborted } from './link';
import { connectToOwner, type OwnerConnection, type Patience } from './ownerConnection';
import type { ServiceSwitch } from './serviceSwitch';
import { freshSocketPath, removeSocket } from './socketPath';
import { WindowServer } from './windowServer';

export interface RunningEngine {
  service: OperationsService;
  /** Writes what is not written yet, unless the fence says no, and lets go of hosts and database. */
  close(): Promise<void>;
}

export type Place = { role: 'owner' | 'client'; generation: number };

export interface Timing extends Patience {
  /** How often an owner looks whether it still is the owner; it does before each write as well. */
  fenceMs: number;
}

const defaultTiming: Timing = { helloMs: 10_000, heartbeatMs: 2_000, heartbeatsMissed: 5, fenceMs: 2_000 };
const retryFirstMs = 1_000;
const retryMostMs = 60_000;

export interface MembershipOptions {
  /** The folder that all windows share; the database lies there too. */
  storage: string;
  /** Of this extension. */
  version: string;
  service: Pick<ServiceSwitch, 'provide' | 'withdraw' | 'fail'>;
  /** Opens the engine of this window. Its database must be read after this is called, not before. */
  openEngine: (fence: WriteFence) => Promise<RunningEngine>;
  /** This window. */
  asker: Asker;
  log: (message: string) => void;
  /** Something the user has to know of; not again while it stays the same. */
  onProblem: (error: unknown) => void;
  onPlace?: (place: Place) => void;
  timing?: Partial<Timing>;
}

/**
 * This window among those that share one engine: it owns the engine or is a client of the window that
 * does, and changes from one to the other as windows come and go.
 */
export class Membership {
  readonly #claims: Claims;
  readonly #timing: Timing;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #hadPlace = false;
  /** The claim of an owner that was found not to answer. */
  #unresponsive: string | undefined;
  #problem: string | undefined;

  constructor(private readonly options: MembershipOptions) {
    this.#claims = new Claims(join(options.storage, 'owners'));
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  join(): void {
    this.#running ??= this.#run();
  }

  /** Leaves. If this window is the owner, another takes over as soon as everything is on the disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#enter();
        failures = 0;
      } catch (error) {
        if (!signal.aborted && !(error instanceof Superseded)) {
          this.#fail(error);
          await pause(systemClock, Math.min(retryMostMs, retryFirstMs * 2 ** failures++), signal);
        }
      }
    }
  }

  /** Takes a place, and returns when it has to be left. */
  async #enter(): Promise<void> {
    const { generation, claim } = await this.#claims.newest();
    if (claim && claim.token !== this.#unresponsive) {
      const { version, asker } = this.options;
      const owner = await connectToOwner(claim, version, this.#timing, this.#closing.signal, asker);
      if (owner) {
        await this.#follow(owner, generation);
        this.#unresponsive = owner.isUnresponsive ? claim.token : undefined;
        return;
      }
    }
    if (claim && this.#hadPlace && claim.computer !== hostname()) {
      // Each would take it from the other, over and over.
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t(
          'The operations are now looked after on another computer, {0}, with which this one shares its files. Reload this window to take them back.',
          claim.computer,
        ),
      );
    }
    if (!this.#closing.signal.aborted) {
      await this.#lead(generation);
    }
  }

  async #follow(owner: OwnerConnection, generation: number): Promise<void> {
    const { service, onPlace, log } = this.options;
    const left = aborted(owner.ended, this.#closing.signal);
    try {
      if (!owner.accepted) {
        this.#fail(this.#otherVersion(owner.version));
        await left;
        return;
      }
      await Promise.race([owner.service.ready, left]);
      if (owner.ended.aborted || this.#closing.signal.aborted) {
        return;
      }
      this.#problem = undefined;
      this.#hadPlace = true;
      log(`This window is a client of owner ${generation}.`);
      service.provide(owner.service);
      onPlace?.({ role: 'client', generation });
      await left;
    } finally {
      service.withdraw();
      owner.end();
    }
  }

  /** Listens first and claims then, so that whoever sees the claim can connect. */
  async #lead(generation: number): Promise<void> {
    const { storage, version } = this.options;
    const token = newToken();
    const path = await freshSocketPath(storage);
    const server = await WindowServer.listen(path, { token, version, helloMs: this.#timing.helloMs });
    try {
      const fence = await this.#claims.succeed(generation, path, token);
      if (fence) {
        await this.#own(server, fence);
      }
    } finally {
      await server.close();
    }
  }

  async #own(server: WindowServer, fence: WriteFence): Promise<void> {
    const { openEngine, service, log, onPlace } = this.options;
    const { generation } = fence;
    for (const { socket } of await this.#claims.clear(generation)) {
      await removeSocket(socket);
    }
    const lost = new AbortController();
    const engine = await openEngine({ generation, check: () => checked(fence, lost) });
    const watch = setInterval(() => void checked(fence, lost).catch(() => undefined), this.#timing.fenceMs);
    try {
      this.#problem = undefined;
      this.#hadPlace = true;
      log(`This window is owner ${generation} of the engine.`);
      server.serve(engine.service);
      service.provide(engine.service, { isOwn: true });
      onPlace?.({ role: 'owner', generation });
      await aborted(lost.signal, this.#closing.signal);
    } finally {
      clearInterval(watch);
      service.withdraw();
      server.retire();
      await engine.close().catch((error: unknown) => log(`On leaving: ${errorMessage(error)}`));
    }
  }

  #fail(error: unknown): void {
    this.options.service.fail(error);
    if (errorMessage(error) !== this.#problem) {
      this.#problem = errorMessage(error);
      this.options.onProblem(error);
    }
  }

  #otherVersion(version: string): RemoteOperationsError {
    return new RemoteOperationsError(
      'NotApplicable',
      l10n.t(
        'Another window runs version {0} of Remote Operations, this one {1}. Reload the windows, so that all run the same.',
        version.slice(0, 40),
        this.options.version,
      ),
    );
  }
}

async function checked(fence: WriteFence, lost: AbortController): Promise<void> {
  try {
    await fence.check();
  } catch (error) {
    if (error instanceof Superseded) {
      lost.abort();
    }
    throw error;
  }
}
