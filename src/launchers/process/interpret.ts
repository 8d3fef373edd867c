import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { Evidence } from '../../operations/evidence';
import type { Operation, ProcessIdentity } from '../../operations/operation';
import { followedUp } from '../../operations/logProgress/followUp';
import { readLogProgress } from '../../operations/logProgress/logProgress';
import { parseProgress, type Progress } from '../../operations/progress';
import type { Block, Line } from '../frame';

/** Linux reports start times in USER_HZ, which is 100 on every architecture that VS Code can reach. */
const ticksPerSecond = 100;
/** The start time as `ps -o lstart=` has it, its words joined: Tue_Mar_3_10:11:12_2026. */
const byPs = /^[A-Z][a-z]{2}_[A-Z][a-z]{2}_\d{1,2}_\d{2}:\d{2}:\d{2}_\d{4}$/;
const unsaid = '-';
const longestId = 128;
const opFields = 14;

/** The words of an `op` line (probe.sh), by name. */
interface Facts {
  present: boolean;
  /** Other machines may write the run directory too. */
  onSharedFiles: boolean;
  /** Not even the folder of all runs is there: the home directory is another, or not mounted. */
  homeIsGone: boolean;
  exit: string;
  claimed: boolean;
  machineId: string;
  bootId: string;
  pid: string;
  startTicks: string;
  state: string;
  nowTicks: string;
  members: string;
  marker: string;
  endedUptime: string;
}

/**
 * Translates a probe's answer into evidence, one for each operation asked about. An operation that the
 * answer leaves out, or that is described in a way we do not understand, is ambiguous.
 */
export function interpret(block: Block, operations: readonly Operation[]): Map<string, Evidence> {
  const facts = new Map<string, Facts>();
  const progress = new Map<string, Line>();
  const logs = new Map<string, Line>();
  let ports: ReadonlySet<number> | undefined;
  let quiet: ReadonlyMap<string, number> = new Map();
  for (const line of block.lines) {
    const [tag, id] = line.words;
    if (tag === 'op' && id && line.words.length === opFields) {
      facts.set(id, readFacts(line));
    } else if (tag === 'progress' && id) {
      progress.set(id, line);
    } else if (tag === 'log' && id) {
      logs.set(id, line);
    } else if (tag === 'ports') {
      ports = readPorts(line);
    } else if (tag === 'quiet') {
      quiet = readQuiet(line);
    }
  }
  const evidenceOf = (operation: Operation, own: Facts): Evidence => {
    const { id } = operation;
    const evidence = judge(own, block, operation, ports);
    const told = progressOf(operation, evidence, progress.get(id), logs.get(id));
    return withQuiet(withProgress(evidence, told), block, quiet.get(id));
  };
  return new Map(
    operations.map((operation) => {
      const own = facts.get(operation.id);
      return [
        operation.id,
        own
          ? evidenceOf(operation, own)
          : { kind: 'ambiguous', reason: l10n.t('the host left it out of its answer') },
      ];
    }),
  );
}

function readFacts({ words }: Line): Facts {
  const [present, exit = '', claim, machineId = '', bootId = '', pid = '', startTicks = '', ...looked] =
    words.slice(2);
  const [state = '', nowTicks = '', members = '', marker = '', endedUptime = ''] = looked;
  return {
    present: present === 'yes' || present === 'shared',
    onSharedFiles: present === 'shared',
    homeIsGone: present === 'gone',
    exit,
    claimed: claim === 'yes',
    machineId,
    bootId,
    pid,
    startTicks,
    state,
    nowTicks,
    members,
    marker,
    endedUptime,
  };
}

/** Listening ports, in hex as `/proc/net/tcp` has them; `undefined` when the host shows none at all. */
function readPorts({ words }: Line): ReadonlySet<number> | undefined {
  const listed = words.slice(1).filter((word) => /^[0-9A-F]{1,4}$/.test(word));
  return listed.length > 0 ? new Set(listed.map((word) => Number.parseInt(word, 16))) : undefined;
}

/** Since when operations have written nothing: pairs of an id and seconds on the scale of the uptime. */
function readQuiet({ words }: Line): ReadonlyMap<string, number> {
  const quiet = new Map<string, number>();
  for (let at = 1; at + 1 < words.length; at += 2) {
    const [id = '', since = ''] = words.slice(at, at + 2);
    if (/^-?\d{1,12}$/.test(since)) {
      quiet.set(id, Number(since));
    }
  }
  return quiet;
}

/** What the program reported; else what its log tells. */
function progressOf(
  operation: Operation,
  { kind }: Evidence,
  file: Line | undefined,
  log: Line | undefined,
): Progress | undefined {
  const reported = file && readReport(file);
  if (reported || log === undefined) {
    return reported;
  }
  return followedUp(operation.progress, readLog(log), kind === 'alive');
}

/** What did not change since the last look comes as the same line: among thousands, only the others are read. */
function oncePerLine<T>(read: (text: string) => T): (line: Line) => T {
  const known = new WeakMap<Line, { value: T }>();
  return (line) => {
    const found = known.get(line) ?? { value: read(line.data.toString('utf8')) };
    known.set(line, found);
    return found.value;
  };
}

const readReport = oncePerLine(parseProgress);
const readLog = oncePerLine(readLogProgress);

function withQuiet(evidence: Evidence, block: Block, since: number | undefined): Evidence {
  if (evidence.kind !== 'alive' || since === undefined || block.uptimeSeconds === undefined) {
    return evidence;
  }
  return { ...evidence, quietSeconds: block.uptimeSeconds - since };
}

const carriesProgress: ReadonlySet<Evidence['kind']> = new Set(['alive', 'exited', 'absent', 'ambiguous']);

function withProgress(evidence: Evidence, progress: Progress | undefined): Evidence {
  return progress && carriesProgress.has(evidence.kind) ? ({ ...evidence, progress } as Evidence) : evidence;
}

function judge(
  facts: Facts,
  block: Block,
  operation: Operation,
  ports: ReadonlySet<number> | undefined,
): Evidence {
  const told = readIdentity(facts);
  const identity = operation.identity ?? told;
  const killDelivered = facts.marker === 'killed';
  if (facts.exit !== unsaid && facts.exit !== 'bad') {
    const exitCode = Number.parseInt(facts.exit, 10);
    if (exitCode <= 255) {
      return {
        kind: 'exited',
        exitCode,
        killDelivered,
        ...endedAgo(facts, block),
        ...(identity && { identity }),
      };
    }
  }
  const machineIds = [told?.machineId, operation.identity?.machineId ?? operation.machineId];
  if (machineIds.some((machineId) => machineId !== undefined && machineId !== block.machineId)) {
    return { kind: 'ambiguous', reason: l10n.t('another machine answers behind this host') };
  }
  if (!told && facts.machineId !== unsaid) {
    return {
      kind: 'ambiguous',
      reason: l10n.t('its run directory holds an identity that is not understood'),
    };
  }
  if (!identity) {
    if (facts.claimed) {
      return { kind: 'claimed', killDelivered };
    }
    const otherRuns = operation.runsId !== undefined && operation.runsId !== block.runsId;
    if (otherRuns || (operation.machineId !== undefined && facts.homeIsGone)) {
      return { kind: 'ambiguous', reason: l10n.t('the home directory on the host is not what it was') };
    }
    return { kind: 'not-launched' };
  }
  const hasTicks = identity.startTicks !== unsaid && told?.startTicks !== unsaid;
  if (block.uptimeSeconds === undefined || block.bootId === unsaid || !hasTicks) {
    return { kind: 'ambiguous', reason: l10n.t('the host has no /proc to look into') };
  }
  if (told && operation.identity && !isDeepStrictEqual(told, operation.identity)) {
    return { kind: 'ambiguous', reason: l10n.t('its run directory holds the identity of another process') };
  }
  const sameBoot = identity.bootId === block.bootId;
  const alive = sameBoot && livingEvidence(facts, identity, block.uptimeSeconds, operation, ports);
  return alive || absence(facts, sameBoot, killDelivered, operation);
}

function readIdentity(facts: Facts): ProcessIdentity | undefined {
  const { machineId, bootId, pid, startTicks } = facts;
  const isSound =
    [machineId, bootId].every((id) => id.length <= longestId) &&
    (/^(\d{1,20}|-)$/.test(startTicks) || byPs.test(startTicks));
  // 0 and 1 are never ours; a signal to them would go to all.
  if (machineId === unsaid || !isSound || !/^\d{1,10}$/.test(pid) || Number(pid) <= 1) {
    return undefined;
  }
  return { machineId, bootId, pid: Number(pid), startTicks };
}

/**
 * When it started, on the scale of the block's uptime: seconds since boot, by ticks. Where there is no /proc,
 * seconds on the host's own clock, by what ps says in UTC.
 */
function startOf({ startTicks }: ProcessIdentity): number {
  return byPs.test(startTicks)
    ? Date.parse(`${startTicks.replaceAll('_', ' ')} UTC`) / 1000
    : Number.parseInt(startTicks, 10) / ticksPerSecond;
}

function endedAgo(facts: Facts, block: Block): { endedSecondsAgo?: number } {
  const { uptimeSeconds } = block;
  const isSound = /^\d{1,12}(\.\d{1,6})?$/.test(facts.endedUptime) && facts.bootId === block.bootId;
  return isSound && uptimeSeconds !== undefined
    ? { endedSecondsAgo: uptimeSeconds - Number(facts.endedUptime) }
    : {};
}

function livingEvidence(
  facts: Facts,
  identity: ProcessIdentity,
  uptimeSeconds: number,
  operation: Operation,
  ports: ReadonlySet<number> | undefined,
): Evidence | undefined {
  const leads = /^[^ZXx-]$/.test(facts.state) && facts.nowTicks === identity.startTicks;
  const members = Number.parseInt(facts.members, 10);
  if (!leads && !(members > 0)) {
    return undefined;
  }
  const { port } = operation.spec;
  return {
    kind: 'alive',
    identity,
    activity: leads && (facts.state === 'T' || facts.state === 't') ? 'paused' : 'running',
    uptimeSeconds: uptimeSeconds - startOf(identity),
    by: leads ? l10n.t('pid and start time') : l10n.t('its process group'),
    ...(port !== undefined && ports && { portOpen: ports.has(port) }),
  };
}

/** Not seen alive, no exit code. Whether that is absence depends on how well we could look. */
function absence(facts: Facts, sameBoot: boolean, killDelivered: boolean, { adopted }: Operation): Evidence {
  if (!facts.present) {
    return {
      kind: 'ambiguous',
      reason: l10n.t('its run directory cannot be read, so its exit code is not known'),
    };
  }
  const seen = {
    kind: 'absent',
    killDelivered,
    ...(facts.onSharedFiles && { onSharedFiles: true }),
  } as const;
  if (!sameBoot) {
    return { ...seen, by: 'restart', reason: l10n.t('the host was restarted') };
  }
  if (facts.members !== '0') {
    return {
      kind: 'ambiguous',
      reason: l10n.t('processes of its group live that do not tell whose they are'),
    };
  }
  if (adopted) {
    return {
      ...seen,
      reason: l10n.t('it has ended; its exit code cannot be known, as it was started elsewhere'),
    };
  }
  if (facts.exit !== unsaid) {
    return { ...seen, reason: l10n.t('its processes are gone and its exit code cannot be read') };
  }
  return facts.marker === 'signalled'
    ? { ...seen, by: 'signal', reason: l10n.t('ended by a signal from outside') }
    : { ...seen, by: 'vanished', reason: l10n.t('its processes are gone and left no exit code') };
}
