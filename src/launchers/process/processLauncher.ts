import * as l10n from '@vscode/l10n';
import type { Machine, RunOptions } from '../../hosts/machine';
import { printable } from '../../hosts/destination';
import { RemoteOperationsError } from '../../operations/errors';
import type { Evidence } from '../../operations/evidence';
import type { Operation, ProcessIdentity } from '../../operations/operation';
import type { Untracked } from '../../operations/untracked';
import type { PortLook } from '../../operations/listener';
import type { HostReading } from '../../operations/hostReading';
import type { EndedProcess } from '../../operations/portUse';
import { launchedSpec } from '../../operations/uploaded';
import { field, refusal, unexpected } from '../answers';
import { ask } from '../ask';
import type { Block } from '../frame';
import type {
  GpuCount,
  KillOutcome,
  Launcher,
  LaunchOutcome,
  LaunchPlace,
  LogMatches,
  LogRange,
  LogSearch,
  PauseOutcome,
  ProbeOptions,
  ProbeRequest,
} from '../launcher';
import { runRecord } from '../runRecord';
import { adopt } from './adoption';
import { identityOf } from './identity';
import { commandFile } from '../../operations/commandFile';
import { discover } from './discovery';
import { endRequest, readEnd } from './endProcess';
import { interpret } from './interpret';
import { readListeners } from './listeners';
import { ProbeChannel } from './probeChannel';
import { requestLines } from './probeRequest';
import { mergedReading, readSamples } from './sampleLines';
import { type RunDirectories, readRunDirectories } from './runDirectories';
import { readLog, searchLog, type Send } from './runLog';
import {
  countGpusScript,
  endProcessScript,
  identifyScript,
  killScript,
  launchScript,
  offerScript,
  runsScript,
  pauseScript,
  portsScript,
  sampleScript,
  supervisorName,
  supervisorText,
} from './scripts';

const identifyDeadlineMs = 20_000;
const longestId = 128;
const launchDeadlineMs = 30_000;
/** The script waits for five seconds at most. */
const pauseDeadlineMs = 20_000;
/** nvidia-smi is asked three times at most, for ten seconds each. */
const gpusDeadlineMs = 40_000;
/** The open files of all processes may have to be looked through. */
const portsDeadlineMs = 30_000;
/** Ten seconds for its GPUs, and what surrounds them. */
const sampleDeadlineMs = 25_000;
const runsDeadlineMs = 60_000;
const maxRunsBytes = 32 * 1024 * 1024;
/** Beyond the grace time: the five seconds that the script waits after KILL, and the way there and back. */
const killMarginMs = 15_000;

const orUnsaid = (value: string | number | undefined): string => (value === undefined ? '-' : String(value));

/** Starts plain processes under the supervisor (supervisor.sh) in run directories of their own. */
export class ProcessLauncher implements Launcher {
  readonly hasQueue = false;
  /** One for each machine, as long as that is in use. */
  readonly #channels = new WeakMap<Machine, ProbeChannel>();

  /** @param nonce gives an unguessable word for each request */
  constructor(private readonly nonce: () => string) {}

  async identify(machine: Machine, hostName: string): Promise<LaunchPlace> {
    const block = await this.#ask(machine, hostName, identifyScript, identifyDeadlineMs, []);
    const { machineId, runsId } = block;
    if (machineId === '-' || [machineId, runsId ?? ''].some(({ length }) => length > longestId)) {
      throw unexpected(hostName);
    }
    return { machineId, ...(runsId !== undefined && { runsId }) };
  }

  async launch(machine: Machine, hostName: string, operation: Operation): Promise<LaunchOutcome> {
    if (operation.adopted) {
      return adopt(this.#sender(machine, hostName), hostName, operation);
    }
    const spec = launchedSpec(operation);
    const block = await this.#ask(machine, hostName, launchScript, launchDeadlineMs, [
      field(operation.id),
      field(operation.machineId ?? ''),
      field(operation.runsId ?? ''),
      field(spec.cwd ?? ''),
      field(supervisorName),
      field(supervisorText),
      field(runRecord(operation)),
      field(commandFile(spec)),
      field(String(spec.gpus ?? 0)),
      field(spec.systemd ? 'systemd' : ''),
      'complete',
    ]);
    const { words, data } = block.lines[0] ?? { words: [], data: Buffer.alloc(0) };
    switch (words[0]) {
      case 'launched':
        return {
          kind: 'launched',
          identity: identityOf(words.slice(1), hostName),
          ...gpusOf(block.lines[1]?.words),
        };
      case 'no-gpus':
        return { kind: 'no-gpus', reason: printable(data.toString('utf8')).trim() };
      case 'claimed':
      case 'other-machine':
        return { kind: words[0] };
      case 'refused':
        return {
          kind: 'refused',
          sealed: words[1] === 'sealed',
          reason: refusal(words[2], printable(data.toString('utf8')), hostName),
        };
      default:
        throw unexpected(hostName);
    }
  }

  async offersSystemd(machine: Machine, hostName: string): Promise<boolean> {
    const block = await this.#ask(machine, hostName, offerScript, identifyDeadlineMs, []);
    const [tag, answer] = block.lines[0]?.words ?? [];
    if (tag !== 'systemd') {
      throw unexpected(hostName);
    }
    return answer === 'yes';
  }

  async countGpus(machine: Machine, hostName: string): Promise<GpuCount> {
    const block = await this.#ask(machine, hostName, countGpusScript, gpusDeadlineMs, []);
    const { words, data } = block.lines[0] ?? { words: [], data: Buffer.alloc(0) };
    const [tag, state, free, total] = words;
    const text = printable(data.toString('utf8')).trim();
    if (tag !== 'gpus' || ![free, total].every((count) => /^\d{1,4}$/.test(count ?? ''))) {
      throw unexpected(hostName);
    }
    switch (state) {
      case 'ok':
        return { kind: 'counted', free: Number(free), total: Number(total), text };
      case 'missing':
        return { kind: 'missing' };
      default:
        return { kind: 'failed', text };
    }
  }

  async sample(machine: Machine, hostName: string, readings: 1 | 2): Promise<HostReading[]> {
    const times = readings === 2 ? 'twice' : 'once';
    return readSamples(await this.#ask(machine, hostName, sampleScript, sampleDeadlineMs, [times]), []);
  }

  async probe(
    machine: Machine,
    hostName: string,
    requests: ProbeRequest[],
    options: ProbeOptions = {},
  ): Promise<ReadonlyMap<string, Evidence>> {
    const wanted = requestLines(requests);
    const answers = await this.#channel(machine).look({ wanted, hostName, options });
    const reading = mergedReading(answers.flatMap(({ readings }) => readings));
    if (reading) {
      options.onReading?.(reading);
    }
    const operations = requests.map(({ operation }) => operation);
    const evidence = answers.flatMap(({ ids, block }) => [
      ...interpret(
        block,
        operations.filter(({ id }) => ids.has(id)),
      ),
    ]);
    const unasked = operations.filter(({ id }) => !wanted.has(id));
    return new Map([
      ...evidence,
      ...unasked.map(({ id }): [string, Evidence] => [
        id,
        { kind: 'ambiguous', reason: l10n.t('its id is not one that a host can be asked about') },
      ]),
    ]);
  }

  async kill(
    machine: Machine,
    hostName: string,
    operation: Operation,
    graceSeconds: number,
  ): Promise<KillOutcome> {
    if (operation.adopted?.identity && !operation.identity) {
      return this.#killUntaken(machine, hostName, operation, graceSeconds);
    }
    const { id, identity } = operation;
    const request = [
      id,
      orUnsaid(identity?.machineId ?? operation.machineId),
      orUnsaid(identity?.bootId),
      orUnsaid(identity?.pid),
      orUnsaid(identity?.startTicks),
      String(graceSeconds),
      orUnsaid(operation.runsId),
    ].join(' ');
    const deadline = graceSeconds * 1000 + killMarginMs;
    const block = await this.#ask(machine, hostName, killScript, deadline, [request]);
    const words = block.lines[0]?.words ?? [];
    switch (words[0]) {
      case 'dead':
      case 'sealed':
        return { kind: words[0] };
      case 'alive':
        return { kind: 'survived', processes: Number.parseInt(words[1] ?? '1', 10) };
      case 'ended':
      case 'absent':
      case 'claimed':
        return { kind: 'look' };
      case 'other-machine':
        throw otherMachine(hostName);
      default:
        throw unexpected(hostName);
    }
  }

  /** Whether it was taken up is not known, and only then its process may be signalled. */
  async #killUntaken(
    machine: Machine,
    hostName: string,
    operation: Operation,
    graceSeconds: number,
  ): Promise<KillOutcome> {
    const taken = await this.launch(machine, hostName, operation);
    if (taken.kind === 'launched') {
      return this.kill(machine, hostName, { ...operation, identity: taken.identity }, graceSeconds);
    }
    if (taken.kind !== 'refused' || !taken.sealed) {
      return { kind: 'look' };
    }
    const { hasEnded, reason } = taken;
    return hasEnded ? { kind: 'dead', seen: reason } : { kind: 'not-taken', reason };
  }

  async listeners(
    machine: Machine,
    hostName: string,
    ports: readonly number[],
    signal?: AbortSignal,
  ): Promise<PortLook | undefined> {
    const limits = signal && { signal };
    const block = await this.#ask(machine, hostName, portsScript, portsDeadlineMs, [ports.join(' ')], limits);
    return readListeners(block, hostName);
  }

  async endProcess(
    machine: Machine,
    hostName: string,
    process: ProcessIdentity,
    graceSeconds: number,
  ): Promise<EndedProcess> {
    const deadline = graceSeconds * 1000 + killMarginMs;
    const request = endRequest(process, graceSeconds);
    const block = await this.#ask(machine, hostName, endProcessScript, deadline, [request]);
    return readEnd(block, hostName, process.pid, graceSeconds);
  }

  async setPaused(
    machine: Machine,
    hostName: string,
    { id, identity }: Operation,
    paused: boolean,
  ): Promise<PauseOutcome> {
    if (!identity) {
      return { kind: 'look' };
    }
    const { machineId, bootId, pid, startTicks } = identity;
    const request = [id, machineId, bootId, pid, startTicks, paused ? 'stop' : 'continue'].join(' ');
    const block = await this.#ask(machine, hostName, pauseScript, pauseDeadlineMs, [request]);
    const [answer, count = '?'] = block.lines[0]?.words ?? [];
    switch (answer) {
      case 'paused':
        return { kind: 'done', seen: l10n.t('all its processes ({0}) seen suspended', count) };
      case 'running':
        return { kind: 'done', seen: l10n.t('its process seen to go on') };
      case 'awake':
        return {
          kind: 'refused',
          reason:
            count === '1'
              ? l10n.t(
                  'One of its processes has not stopped within five seconds. It may hang in the kernel (state D): look at it in a terminal.',
                )
              : l10n.t(
                  '{0} of its processes have not stopped within five seconds. They may hang in the kernel (state D): look at them in a terminal.',
                  count,
                ),
        };
      case 'asleep':
        return {
          kind: 'refused',
          reason: l10n.t('It does not go on. A debugger may hold it: look at it in a terminal.'),
        };
      case 'leaderless':
        return {
          kind: 'refused',
          reason: l10n.t('The process that leads it is gone. What is left of it can only be killed.'),
        };
      case 'ended':
      case 'absent':
        return { kind: 'look' };
      case 'no-proc':
        return { kind: 'refused', reason: l10n.t('{0} does not show its processes.', hostName) };
      case 'other-machine':
        throw otherMachine(hostName);
      default:
        throw unexpected(hostName);
    }
  }

  log(
    machine: Machine,
    hostName: string,
    { id }: Operation,
    range: { offset: number; maxBytes: number },
  ): Promise<LogRange | undefined> {
    return readLog(this.#sender(machine, hostName), hostName, id, range);
  }

  searchLog(
    machine: Machine,
    hostName: string,
    { id }: Operation,
    search: LogSearch,
  ): Promise<LogMatches | undefined> {
    return searchLog(this.#sender(machine, hostName), hostName, id, search);
  }

  async runDirectories(
    machine: Machine,
    hostName: string,
    knownIds: readonly string[],
  ): Promise<RunDirectories> {
    const lines = [...knownIds, 'complete'];
    const block = await this.#ask(machine, hostName, runsScript, runsDeadlineMs, lines, {
      maxOutputBytes: maxRunsBytes,
    });
    return readRunDirectories(block, machine.hostId, hostName);
  }

  discover(machine: Machine, hostName: string, longSeconds: number): Promise<Untracked[]> {
    return discover(this.#sender(machine, hostName), hostName, longSeconds);
  }

  #sender(machine: Machine, hostName: string): Send {
    return (...request) => this.#ask(machine, hostName, ...request);
  }

  #channel(machine: Machine): ProbeChannel {
    const known = this.#channels.get(machine);
    const channel = known ?? new ProbeChannel(machine, this.nonce);
    this.#channels.set(machine, channel);
    return channel;
  }

  #ask(
    machine: Machine,
    hostName: string,
    script: string,
    deadlineMs: number,
    lines: string[],
    limits: Pick<RunOptions, 'maxOutputBytes' | 'signal'> = {},
  ): Promise<Block> {
    return ask(machine, hostName, { script, nonce: this.nonce(), lines, deadlineMs, ...limits });
  }
}

const otherMachine = (hostName: string): RemoteOperationsError =>
  new RemoteOperationsError(
    'BadAnswer',
    l10n.t(
      'Another machine answers behind {0}, so nothing was signalled. Connect to the machine where the operation was started.',
      hostName,
    ),
  );

/** The GPUs that it holds, as the host counts them. */
function gpusOf(words: readonly string[] = []): { gpus?: number[] } {
  const [tag, ...indices] = words;
  const isSound = tag === 'gpus' && indices.length > 0 && indices.every((index) => /^\d{1,4}$/.test(index));
  return isSound ? { gpus: indices.map(Number) } : {};
}
