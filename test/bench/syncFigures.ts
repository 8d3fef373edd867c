import type { Engine } from '../../src/engine/engine';
import type { Operation } from '../../src/operations/operation';
import { type Figure, median, ms, timeEach, times } from './figures';
import { asSeenBy, launchFleet } from './fleet';
import { PsPeer } from './peers';
import { type Range, roundTripMs } from './range';
import { openEngine } from './wholeEngine';

const hostId = 'far';
const runs = 9;
const hostsOfFleet = 20;
const operationsEach = 500;

/** Syncs over a network of 50 ms round trip, against others' ways to the same knowledge in the same run. */
export async function syncFigures(range: Range): Promise<Figure[]> {
  const fleet = await launchFleet(range.sshd.home, hostId, 1000);
  return [
    ...(await hundred(range, fleet.slice(0, 100))),
    ...(await thousand(range, fleet)),
    await twentyHosts(range, fleet.slice(0, operationsEach)),
  ];
}

async function hundred(range: Range, operations: Operation[]): Promise<Figure[]> {
  const ours = median((await measureSync(range, operations)).map(({ tookMs }) => tookMs));
  const pids = operations.map(pidOf);
  const [each, eight, list] = await withPeer(range, async (peer) => [
    median(await timeEach(1, () => peer.oneByOne(pids))),
    median(await timeEach(1, () => peer.eightAtATime(pids))),
    median(await timeEach(runs, () => peer.allAtOnce(pids))),
  ]);
  return [
    {
      work: `sync 100 operations, ${roundTripMs} ms round trip`,
      measured: `${ms(ours)} (${trips(ours)} round trips)`,
      target: '1.5 round trips',
      ratios: `${times(eight, ours)} eight ps at a time (${ms(eight)}), ${times(list, ours)} one ps for all (${ms(list)})`,
      met: ours <= 1.5 * roundTripMs,
    },
    {
      work: 'the same, against one ps each',
      measured: times(each, ours),
      target: '300x',
      ratios: `${times(each, ours)} one ps each (${ms(each)})`,
      met: each / ours >= 300,
    },
  ];
}

async function thousand(range: Range, operations: Operation[]): Promise<Figure[]> {
  const syncs = await measureSync(range, operations);
  const ours = median(syncs.map(({ tookMs }) => tookMs));
  const bytes = median(syncs.map((sync) => sync.bytes));
  const pids = operations.map(pidOf);
  const list = await withPeer(range, async (peer) =>
    median(await timeEach(runs, () => peer.allAtOnce(pids))),
  );
  return [
    {
      work: `sync 1,000 operations on one host, ${roundTripMs} ms`,
      measured: `${ms(ours)} (${trips(ours)} round trips)`,
      target: '2.5 round trips',
      ratios: `${times(list, ours)} one ps for all (${ms(list)})`,
      met: ours <= 2.5 * roundTripMs,
    },
    {
      work: 'the same, bytes on the wire while nothing changes',
      measured: `${bytes} bytes`,
      target: '1,000 bytes',
      met: bytes <= 1000,
    },
  ];
}

/** The processes are the same for all hosts, and so is the server; connections and run directories are not. */
async function twentyHosts(range: Range, fleet: Operation[]): Promise<Figure> {
  const hosts = Array.from({ length: hostsOfFleet }, (_, at) => `host-${at + 1}`);
  const operations: Operation[] = [];
  for (const host of hosts) {
    operations.push(...(await asSeenBy(range.sshd.home, host, fleet)));
  }
  const machines = hosts.map((host) => range.machine(host));
  const { engine } = await openEngine({ folder: await range.newFolder(), machines, operations });
  try {
    await checkedSync(engine, operations.length);
    const ours = median(await timeEach(5, () => checkedSync(engine, operations.length)));
    return {
      work: `sync 10,000 operations on ${hostsOfFleet} hosts (20 connections to one sshd here)`,
      measured: ms(ours),
      target: '2 s',
      met: ours <= 2000,
    };
  } finally {
    await engine.dispose();
    machines.forEach((machine) => machine.dispose());
  }
}

/** Over a warm connection: what was measured before is thrown away. */
async function measureSync(
  range: Range,
  operations: Operation[],
): Promise<{ tookMs: number; bytes: number }[]> {
  const machine = range.machine(hostId);
  const { engine } = await openEngine({ folder: await range.newFolder(), machines: [machine], operations });
  try {
    await timeEach(2, () => checkedSync(engine, operations.length));
    const syncs: { tookMs: number; bytes: number }[] = [];
    for (let run = 0; run < runs; run++) {
      const before = range.proxy.bytes();
      const [tookMs = NaN] = await timeEach(1, () => checkedSync(engine, operations.length));
      syncs.push({ tookMs, bytes: range.proxy.bytes() - before });
    }
    return syncs;
  } finally {
    await engine.dispose();
    machine.dispose();
  }
}

async function checkedSync(engine: Engine, count: number): Promise<void> {
  const report = await engine.sync();
  const asked = report.hosts.every(({ roundTrips }) => roundTrips > 0);
  if (report.checked !== count || report.synced !== 0 || !asked) {
    throw new Error(`A sync that is not what was to be measured: ${JSON.stringify(report)}`);
  }
}

async function withPeer<T>({ sshd, proxy }: Range, measure: (peer: PsPeer) => Promise<T>): Promise<T> {
  const peer = await PsPeer.connect(sshd, proxy.port);
  try {
    return await measure(peer);
  } finally {
    peer.end();
  }
}

const pidOf = ({ identity }: Operation): number => identity?.pid ?? 0;
const trips = (took: number): string => (took / roundTripMs).toFixed(1);
