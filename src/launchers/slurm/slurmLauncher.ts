import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import type { Machine } from '../../hosts/machine';
import { RemoteOperationsError } from '../../operations/errors';
import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';
import { launchedSpec } from '../../operations/uploaded';
import type { ClusterOffer } from '../../operations/operationView';
import { field, refusal, unexpected } from '../answers';
import { ask } from '../ask';
import type { Block, Line } from '../frame';
import type {
  KillOutcome,
  Launcher,
  LaunchOutcome,
  LaunchPlace,
  LogRange,
  PauseOutcome,
  ProbeOptions,
  ProbeRequest,
} from '../launcher';
import { batchScriptFile, commandFile } from '../../operations/commandFile';
import { supervisorName, supervisorText } from '../process/scripts';
import { runRecord } from '../runRecord';
import { findJobs } from './findJobs';
import { combined } from './combined';
import { jobUses } from './jobUses';
import { interpretJobs } from './interpretJobs';
import { type LookAnswer, readLookAnswer } from './lookAnswer';
import { offered } from './offerLines';
import { sbatchOptions } from '../../operations/sbatchOptions';
import { readPauseAnswer } from './pauseAnswer';
import {
  batchText,
  directivesScript,
  killScript,
  lookScript,
  offerScript,
  pauseScript,
  submitScript,
} from './scripts';
import { kindOf } from './states';

/** Beyond the time limits that the scripts themselves set. */
const submitDeadlineMs = 120_000;
const lookDeadlineMs = 90_000;
const killMarginMs = 120_000;
const pauseDeadlineMs = 200_000;
const offerDeadlineMs = 20_000;
const maxAnswerBytes = 32 * 1024 * 1024;
/** Between two questions what jobs use, and after one that failed. */
const usesEveryMs = 60_000;
const usesFailedMs = 600_000;
const dayMs = 86_400_000;
/** Clocks that differ must not hide a record. */
const spareDays = 2;

const none: Line = { words: [], data: Buffer.alloc(0) };

export interface SlurmLauncherOptions {
  /** Gives an unguessable word for each request. */
  nonce: () => string;
  /** Looks at run directories, where exit codes and progress are. */
  process: Launcher;
  /** This machine's clock in milliseconds since 1970. */
  now: () => number;
  log: (message: string) => void;
}

/** Hands operations to Slurm, which starts the supervisor (supervisor.sh) when and where it wants. */
export class SlurmLauncher implements Launcher {
  readonly hasQueue = true;
  readonly findsOthers = true;
  /** Machines whose Slurm keeps no accounts: there is nothing to ask sacct. */
  readonly #withoutAccounting = new WeakSet<Machine>();
  /** When what jobs use may be asked again, by this machine's clock. */
  readonly #usesFrom = new WeakMap<Machine, number>();
  readonly #offers = new WeakMap<Machine, Promise<ClusterOffer | undefined>>();

  constructor(private readonly options: SlurmLauncherOptions) {}

  identify(machine: Machine, hostName: string): Promise<LaunchPlace> {
    return this.options.process.identify(machine, hostName);
  }

  log(
    machine: Machine,
    hostName: string,
    operation: Operation,
    range: { offset: number; maxBytes: number },
  ): Promise<LogRange | undefined> {
    return this.options.process.log(machine, hostName, operation, range);
  }

  async launch(machine: Machine, hostName: string, operation: Operation): Promise<LaunchOutcome> {
    const { id, runsId } = operation;
    const spec = launchedSpec(operation);
    const script = spec.slurm?.script;
    const block = await this.#ask(machine, hostName, submitScript, submitDeadlineMs, [
      field(id),
      field(runsId ?? ''),
      field(spec.cwd ?? ''),
      field(supervisorName),
      field(supervisorText),
      field(runRecord(operation)),
      field(script === undefined ? commandFile(spec) : batchScriptFile(spec)),
      field(batchText),
      field(script?.trim() ?? ''),
      field(sbatchOptions(spec).join('\n')),
      this.#keepsAccounts(machine),
      'complete',
    ]);
    const { words, data } = block.lines[0] ?? none;
    const said = printable(data.toString('utf8'));
    switch (words[0]) {
      case 'submitted':
        return { kind: 'queued', job: { jobId: jobIdOf(words[1], hostName), state: 'PENDING' } };
      case 'claimed':
      case 'other-machine':
        return { kind: words[0] };
      case 'unsure':
        return {
          kind: 'unsure',
          reason:
            said === ''
              ? l10n.t('Slurm gave no answer that tells')
              : l10n.t('Slurm gave no answer that tells: {0}', said),
        };
      case 'refused':
        return { kind: 'refused', sealed: words[1] === 'sealed', reason: refusal(words[2], said, hostName) };
      default:
        throw unexpected(hostName);
    }
  }

  /** The queue first: what has ended by its answer has left its exit code by then. */
  async probe(
    machine: Machine,
    hostName: string,
    requests: ProbeRequest[],
    options: ProbeOptions = {},
  ): Promise<ReadonlyMap<string, Evidence>> {
    const operations = requests.map(({ operation }) => operation);
    const jobs = options.queue
      ? await this.#look(machine, hostName, operations, options)
      : new Map<string, Evidence>();
    if (requests.length === 0) {
      return jobs;
    }
    const runs = await this.options.process.probe(machine, hostName, requests, options);
    return new Map(
      operations.flatMap((operation) => {
        const { id } = operation;
        const evidence = combined(operation, jobs.get(id), runs.get(id));
        return evidence ? [[id, evidence]] : [];
      }),
    );
  }

  /** Asked once for each connection: it changes seldom. */
  offer(machine: Machine, hostName: string): Promise<ClusterOffer | undefined> {
    const known = this.#offers.get(machine);
    const asked = known ?? this.#askOffer(machine, hostName);
    this.#offers.set(machine, asked);
    asked.catch(() => this.#offers.delete(machine));
    return asked;
  }

  async #askOffer(machine: Machine, hostName: string): Promise<ClusterOffer | undefined> {
    const { lines } = await this.#ask(machine, hostName, offerScript, offerDeadlineMs, []);
    return lines[0]?.words[0] === 'slurm' ? offered(lines.slice(1)) : undefined;
  }

  async directives(machine: Machine, hostName: string, script: string): Promise<string[]> {
    const lines = [field(script)];
    const block = await this.#ask(machine, hostName, directivesScript, offerDeadlineMs, lines);
    const { words, data } = block.lines[0] ?? none;
    const text = data.toString('utf8');
    if (words[0] === 'unreadable') {
      throw new RemoteOperationsError('InvalidInput', refusal('no-script', printable(text), hostName));
    }
    if (words[0] !== 'directives') {
      throw unexpected(hostName);
    }
    return text.split('\n').map(printable).filter(Boolean);
  }

  async kill(
    machine: Machine,
    hostName: string,
    { id, runsId }: Operation,
    graceSeconds: number,
  ): Promise<KillOutcome> {
    const request = `${id} ${graceSeconds} ${runsId ?? '-'}`;
    const deadline = graceSeconds * 1000 + killMarginMs;
    const block = await this.#ask(machine, hostName, killScript, deadline, [request]);
    const { words, data } = block.lines[0] ?? none;
    switch (words[0]) {
      case 'dead':
        return { kind: 'dead', seen: l10n.t('final state of its job seen') };
      case 'sealed':
        return { kind: 'sealed' };
      case 'ended':
      case 'look':
        return { kind: 'look' };
      case 'alive':
        return { kind: 'survived', processes: Number.parseInt(words[1] ?? '1', 10) };
      case 'failed':
        throw new RemoteOperationsError(
          'NoAnswer',
          l10n.t(
            'Slurm on {0} did not take the cancellation: {1}.',
            hostName,
            printable(data.toString('utf8')),
          ),
        );
      case 'other-machine':
        throw new RemoteOperationsError(
          'BadAnswer',
          l10n.t(
            'Another home directory than before is behind {0}, so nothing was cancelled. Connect to the cluster where the operation was started.',
            hostName,
          ),
        );
      default:
        throw unexpected(hostName);
    }
  }

  async setPaused(
    machine: Machine,
    hostName: string,
    { id, runsId }: Operation,
    paused: boolean,
  ): Promise<PauseOutcome> {
    const request = `${id} ${runsId ?? '-'} ${paused ? 'pause' : 'resume'}`;
    const block = await this.#ask(machine, hostName, pauseScript, pauseDeadlineMs, [request]);
    return readPauseAnswer(block, hostName, paused);
  }

  async #look(
    machine: Machine,
    hostName: string,
    operations: readonly Operation[],
    { signal, onRequest, onOthers, onUses }: ProbeOptions,
  ): Promise<Map<string, Evidence>> {
    const days = Math.max(0, ...operations.map(({ submittedAt }) => this.#daysSince(submittedAt)));
    const asked = operations.map(({ id, spec, scheduler }) => {
      const isArray = spec.slurm?.array !== undefined || scheduler?.tasks !== undefined;
      return `${id} ${isArray ? 'array' : 'one'}`;
    });
    const asksUses = onUses !== undefined && this.options.now() >= (this.#usesFrom.get(machine) ?? 0);
    const block = await this.#ask(
      machine,
      hostName,
      lookScript,
      lookDeadlineMs,
      [
        `${this.#keepsAccounts(machine)} ${days} ${onOthers ? 'yes' : 'no'} ${asksUses ? 'yes' : 'no'}`,
        ...asked,
        'complete',
      ],
      signal,
    );
    onRequest?.();
    const answer = readLookAnswer(block);
    if (!answer) {
      throw unexpected(hostName);
    }
    onOthers?.(findJobs(answer, block.runsId ?? block.machineId));
    this.#tellUses(machine, hostName, answer, onUses);
    if (answer.accounting === 'none') {
      this.#withoutAccounting.add(machine);
    }
    const unlisted = [...answer.queue.values()].flat().filter(({ state }) => kindOf(state) === 'unlisted');
    for (const { jobId, state } of unlisted) {
      this.options.log(`${hostName}: job ${jobId} is ${state}, which is not known here: taken for active`);
    }
    if (answer.strange > 0) {
      this.options.log(`${hostName}: ${answer.strange} lines of Slurm are not understood`);
    }
    return interpretJobs(answer, operations);
  }

  #tellUses(machine: Machine, hostName: string, answer: LookAnswer, onUses: ProbeOptions['onUses']): void {
    const { queue, uses } = answer;
    if (uses === 'unasked') {
      return;
    }
    const failed = 'problem' in uses;
    this.#usesFrom.set(machine, this.options.now() + (failed ? usesFailedMs : usesEveryMs));
    if (failed) {
      this.options.log(`${hostName}: Slurm does not tell what jobs use: ${uses.problem}`);
    } else {
      onUses?.(jobUses(queue, uses));
    }
  }

  #keepsAccounts(machine: Machine): string {
    return this.#withoutAccounting.has(machine) ? 'no' : 'yes';
  }

  #daysSince(time: string): number {
    return Math.max(0, Math.ceil((this.options.now() - Date.parse(time)) / dayMs)) + spareDays;
  }

  #ask(
    machine: Machine,
    hostName: string,
    script: string,
    deadlineMs: number,
    lines: string[],
    signal?: AbortSignal,
  ): Promise<Block> {
    return ask(machine, hostName, {
      script,
      nonce: this.options.nonce(),
      lines,
      deadlineMs,
      maxOutputBytes: maxAnswerBytes,
      ...(signal && { signal }),
    });
  }
}

function jobIdOf(word: string | undefined, hostName: string): string {
  if (!/^\d{1,20}$/.test(word ?? '')) {
    throw unexpected(hostName);
  }
  return word as string;
}
