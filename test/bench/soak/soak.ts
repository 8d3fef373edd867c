import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import type { OperationView } from '../../../src/operations/operationView';
import { isTerminal } from '../../../src/operations/status';
import { startFaultProxy } from '../../testbed/faultProxy';
import { startSshd } from '../../testbed/sshd';
import { untilInterrupted } from '../interruption';
import { SeededRandom } from '../random';
import { EngineProcess, tolerate } from './engineProcess';
import { livingOperations } from './evidence';
import { disagreements } from './judge';
import { planOperations, type PlannedOperation } from './plan';
import { Player } from './player';
import { Weather } from './weather';

export interface SoakOptions {
  seconds: number;
  operations: number;
  seed: number;
  faultEverySeconds: number;
  crashEverySeconds: number;
  log: (line: string) => void;
}

export interface SoakReport {
  /** Rows with each status at the end. */
  statuses: Record<string, number>;
  /** Operations that were executed, and those of them whose launch had been in doubt. */
  executed: number;
  unconfirmed: number;
  faults: Record<string, number>;
  crashes: number;
  /** Calls that were under way when the engine crashed. */
  interrupted: number;
  quietAfterMs: number;
  /** Each names its operation. Empty when every row agrees with what happened. */
  disagreements: string[];
}

const hostId = 'testhost';
/** A launch that broke off is given up after a minute, an absence is looked at twice. */
const quietDeadlineMs = 180_000;
/** Before a crash so many are submitted, one after another, so that it finds them at different stages. */
const inFlight = 6;
const betweenMs = 80;
const roundTripMs = 40;
const lookEveryMs = 3_000;

/**
 * Runs an engine against a real sshd behind a network that fails, crashes it now and then, and compares in
 * the end what it shows with what happened.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-soak-'));
  const evidence = path.join(folder, 'evidence');
  await mkdir(evidence);
  const sshd = await startSshd();
  const proxy = await startFaultProxy(sshd, { delayMs: roundTripMs });
  const engine = new EngineProcess({
    storage: path.join(folder, 'storage'),
    logFile: path.join(folder, 'engine.log'),
    hostId,
    port: proxy.port,
    sshConfigFile: sshd.sshConfigFile,
  });
  let agrees = false;
  try {
    await engine.start();
    const random = new SeededRandom(options.seed);
    const weather = new Weather(proxy, new SeededRandom(options.seed + 1), options.log);
    const player = new Player(engine, hostId, evidence, sshd.home);
    const plan = planOperations(options.operations, options.seconds * 1000, random);
    await untilInterrupted(perform(plan, options, player, weather, engine, random));
    const beganMs = performance.now();
    const rows = await untilInterrupted(quietRows(engine));
    const quietAfterMs = Math.round(performance.now() - beganMs);
    const judged = await judge(player, engine, rows, await livingOperations(sshd.home));
    agrees = judged.disagreements.length === 0;
    return {
      ...judged,
      quietAfterMs,
      faults: weather.counts,
      crashes: engine.crashes,
      interrupted: engine.interrupted,
    };
  } finally {
    await engine.stop();
    await proxy.stop();
    await sshd.stop();
    if (agrees) {
      await rm(folder, { recursive: true, force: true });
    } else {
      options.log(`Store, log and evidence are kept in ${folder}`);
    }
  }
}

async function perform(
  plan: readonly PlannedOperation[],
  { seconds, faultEverySeconds, crashEverySeconds, log }: SoakOptions,
  player: Player,
  weather: Weather,
  engine: EngineProcess,
  random: SeededRandom,
): Promise<void> {
  const beganMs = performance.now();
  const waiting = [...plan];
  const playing: Promise<void>[] = [];
  const submitNext = () => {
    const next = waiting.shift();
    if (next) {
      const played = player.play(next);
      // What goes wrong is told at the end, when all are waited for.
      played.catch(() => undefined);
      playing.push(played);
    }
  };
  const over = new AbortController();
  const beside = [
    weather.blow(faultEverySeconds * 1000, over.signal),
    lookAgainAndAgain(engine, over.signal),
  ];
  let crashAtMs = crashEverySeconds * 1000 * random.between(0.5, 1);
  for (let nowMs = 0; nowMs < seconds * 1000; nowMs = performance.now() - beganMs) {
    if (nowMs >= crashAtMs) {
      for (let at = 0; at < inFlight; at++) {
        submitNext();
        await elapse(random.between(0, betweenMs));
      }
      await engine.crash();
      log(`engine: killed, ${playing.length} operations submitted so far`);
      await elapse(random.between(0, 1_000));
      await engine.start();
      crashAtMs = performance.now() - beganMs + crashEverySeconds * 1000 * random.between(0.7, 1.3);
    }
    while (waiting[0] && waiting[0].atMs <= nowMs) {
      submitNext();
    }
    await elapse(20);
  }
  over.abort();
  await Promise.all(beside);
  while (waiting.length > 0) {
    submitNext();
  }
  await Promise.all(playing);
}

/** Somebody is impatient: the engine looks beside its interval, and at hosts that it would leave alone. */
async function lookAgainAndAgain(engine: EngineProcess, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await engine.list().catch(tolerate);
    await elapse(lookEveryMs);
  }
}

/** Looks until nothing is in doubt any more, or time is up: what is in doubt then is a disagreement. */
async function quietRows(engine: EngineProcess): Promise<OperationView[]> {
  const deadline = performance.now() + quietDeadlineMs;
  for (;;) {
    await engine.sync();
    const rows = await engine.operations();
    const quiet = rows.every(
      ({ status, observation }) => isTerminal(status) || (status === 'running' && observation === 'fresh'),
    );
    if (quiet || performance.now() > deadline) {
      return rows;
    }
    await elapse(500);
  }
}

async function judge(
  player: Player,
  engine: EngineProcess,
  rows: readonly OperationView[],
  living: ReadonlySet<string>,
): Promise<Pick<SoakReport, 'statuses' | 'executed' | 'unconfirmed' | 'disagreements'>> {
  const found: string[] = [];
  const statuses: Record<string, number> = {};
  let executed = 0;
  let unconfirmed = 0;
  for (const { operation, ...done } of player.played) {
    const named = rows.filter(({ name }) => name === operation.name);
    const [row] = named;
    const execution = await player.execution(operation.name);
    const history = row ? await engine.history(row.id) : [];
    const truth = { ...done, ...execution, alive: row !== undefined && living.has(row.id) };
    const wrong = disagreements(truth, row, history);
    if (named.length > 1) {
      wrong.push(`is on record ${named.length} times`);
    }
    found.push(
      ...wrong.map((what) => `${operation.name} (${operation.fate}, ${row?.id ?? 'no row'}) ${what}`),
    );
    const status = row?.status ?? 'not on record';
    statuses[status] = (statuses[status] ?? 0) + 1;
    executed += execution.starts.length > 0 ? 1 : 0;
    unconfirmed += history.some(({ to }) => to === 'unconfirmed') ? 1 : 0;
  }
  const known = new Set(rows.map(({ id }) => id));
  found.push(...[...living].filter((id) => !known.has(id)).map((id) => `${id} lives, and is not on record`));
  return { statuses, executed, unconfirmed, disagreements: found };
}
