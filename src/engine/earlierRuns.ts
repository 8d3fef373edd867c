import * as l10n from '@vscode/l10n';
import type { RunDirectories, RunDirectory } from '../launchers/process/runDirectories';
import { decide } from '../operations/decide';
import type { FoundRuns } from '../operations/foundRun';
import type { Operation } from '../operations/operation';
import { type EngineContext, isoNow } from './context';
import type { Watches } from './watches';

/**
 * Run directories that belong to no operation in the list: its database was lost, or they were started from
 * another computer. Taken into the list, they are looked at like all others, and never launched.
 */
export class EarlierRuns {
  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
  ) {}

  async find(hostId: string): Promise<FoundRuns> {
    const { runs, unreadable, more } = await this.#list(hostId);
    return {
      unreadable,
      more,
      runs: runs.map(({ id, spec: { name, type, command }, launcher, submittedAt, exitCode }) => ({
        id,
        name,
        type,
        command,
        launcher,
        submittedAt,
        ...(exitCode !== undefined && { exitCode }),
      })),
    };
  }

  /** Resolves with how many were taken in, once they are on the disk. @throws `NotSaved` */
  async import(hostId: string, ids: readonly string[]): Promise<number> {
    const found = await this.#list(hostId);
    const wanted = new Set(ids);
    const operations = found.runs.filter(({ id }) => wanted.has(id)).map((run) => asOperation(run, found));
    const ended = await this.#ended(hostId, operations);
    const { store } = this.context;
    const saves = operations.map((operation) => {
      this.watches.set(operation.id, { observation: 'stale', reason: l10n.t('not looked at yet') });
      return store.insert(ended.get(operation.id) ?? operation, l10n.t('found by its run directory'));
    });
    await Promise.all(saves);
    return operations.length;
  }

  /** Those that left an exit code, as what they are: nobody has to be told of their end now. */
  async #ended(hostId: string, operations: readonly Operation[]): Promise<Map<string, Operation>> {
    const { hosts, launchers, clock } = this.context;
    const hostName = hosts.nameOf(hostId);
    const requests = operations.map((operation) => ({ operation, detail: true }));
    const evidence = await launchers.process.probe(hosts.machine(hostId), hostName, requests);
    const context = { now: isoNow(clock), nowMs: clock.monotonicMs(), hostName };
    return new Map(
      operations.flatMap((operation) => {
        const seen = evidence.get(operation.id);
        return seen?.kind === 'exited'
          ? [
              [
                operation.id,
                {
                  ...operation,
                  ...decide(operation, this.watches.of(operation), seen, context).change,
                } as Operation,
              ],
            ]
          : [];
      }),
    );
  }

  async #list(hostId: string): Promise<RunDirectories> {
    const { hosts, launchers, store } = this.context;
    const knownIds = store.all().map(({ id }) => id);
    const machine = hosts.machine(hostId);
    const found = await launchers.process.runDirectories?.(machine, hosts.nameOf(hostId), knownIds);
    if (!found) {
      return { machineId: '', runs: [], unreadable: 0, more: 0 };
    }
    // What was submitted meanwhile is no news.
    return { ...found, runs: found.runs.filter(({ id }) => !store.get(id)) };
  }
}

/** Whether it ran, and runs, is not known yet. */
const asOperation = (
  { id, spec, launcher, submittedAt, adopted }: RunDirectory,
  { machineId, runsId }: RunDirectories,
): Operation => ({
  id,
  version: 1,
  spec,
  launcher,
  status: 'unconfirmed',
  submittedAt,
  imported: true,
  machineId,
  ...(runsId !== undefined && { runsId }),
  ...(adopted && { adopted }),
});
