import path from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import { isTerminal } from '../../../src/operations/status';
import { EngineCrashed, tolerate, type EngineProcess } from './engineProcess';
import { type Execution, operationOf, readExecution } from './evidence';
import { commandOf, type PlannedOperation } from './plan';

const lookEveryMs = 100;
/** After a submission that was never answered, and never started: it will not be any more. */
const startDeadlineMs = 90_000;

/** What was done to an operation: with what it did itself, this is the truth about it. */
export interface Played {
  readonly operation: PlannedOperation;
  acknowledged: boolean;
  endedByHand: boolean;
  killAsked: boolean;
}

/** Lets planned operations happen: submits them, and ends those that do not end by themselves. */
export class Player {
  readonly played: Played[] = [];

  constructor(
    private readonly engine: EngineProcess,
    private readonly hostId: string,
    private readonly evidenceFolder: string,
    private readonly home: string,
  ) {}

  execution(name: string): Promise<Execution> {
    return readExecution(this.#file(name));
  }

  /** Resolves once nothing more is going to be done to it. */
  async play(operation: PlannedOperation): Promise<void> {
    const played: Played = { operation, acknowledged: false, endedByHand: false, killAsked: false };
    this.played.push(played);
    await this.#submit(played);
    switch (operation.fate) {
      case 'killed':
        return this.#endByHand(played, (leader) => process.kill(-leader, 'SIGKILL'));
      case 'terminated':
        return this.#endByHand(played, (leader) => process.kill(leader, 'SIGTERM'));
      case 'orphaned':
        return this.#endByHand(played, (leader) => process.kill(leader, 'SIGKILL'));
      case 'cancelled':
      case 'raced':
        await elapse(operation.lifeMs);
        return this.#cancel(played);
      case 'exits':
      case 'endless':
        return;
    }
  }

  #file(name: string): string {
    return path.join(this.evidenceFolder, name);
  }

  async #submit(played: Played): Promise<void> {
    const { operation } = played;
    const { name } = operation;
    const command = commandOf(operation, this.#file(name));
    try {
      await this.engine.submit({ hostId: this.hostId, type: 'program', name, command });
      played.acknowledged = true;
    } catch (error) {
      if (!(error instanceof EngineCrashed)) {
        throw error;
      }
    }
  }

  async #endByHand(played: Played, end: (leader: number) => void): Promise<void> {
    const leader = await this.#leaderOf(played.operation.name);
    if (leader === undefined) {
      return;
    }
    await elapse(played.operation.lifeMs);
    // Never a process that is not of an operation, whatever the evidence says.
    if (leader > 1 && (await operationOf(leader, this.home)) !== undefined) {
      played.endedByHand = true;
      end(leader);
    }
  }

  /** Waits until it has started; `undefined` when it never does. */
  async #leaderOf(name: string): Promise<number | undefined> {
    const deadline = performance.now() + startDeadlineMs;
    for (;;) {
      const [start] = (await this.execution(name)).starts;
      if (start) {
        return start.leader;
      }
      const row = await this.#row(name);
      if (row === 'none' || row?.status === 'failed' || performance.now() > deadline) {
        return undefined;
      }
      await elapse(lookEveryMs);
    }
  }

  /** Asks until the wish is on record: an engine that crashes before that has forgotten it. */
  async #cancel(played: Played): Promise<void> {
    for (;;) {
      const row = await this.#row(played.operation.name);
      if (row === 'none' || (row && (isTerminal(row.status) || row.status === 'stopping'))) {
        return;
      }
      if (row) {
        played.killAsked = true;
        await this.engine.kill(row.id, 1).catch(tolerate);
      }
      await elapse(lookEveryMs);
    }
  }

  /** `undefined`: the engine crashed meanwhile, ask again. */
  async #row(name: string) {
    try {
      return (await this.engine.operations()).find((row) => row.name === name) ?? 'none';
    } catch (error) {
      return tolerate(error);
    }
  }
}
