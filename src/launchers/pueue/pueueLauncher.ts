import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import type { Machine } from '../../hosts/machine';
import { isRemoteOperationsError, RemoteOperationsError } from '../../operations/errors';
import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';
import { launchedSpec } from '../../operations/uploaded';
import type { PueueGroup } from '../../operations/pueueOptions';
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
import { commandFile } from '../../operations/commandFile';
import { supervisorName, supervisorText } from '../process/scripts';
import { runRecord } from '../runRecord';
import { findTasks } from './findTasks';
import { combined, isOpen, problemText } from './interpretTask';
import { LivingTasks } from './livingTasks';
import { type LookAnswer, readGroups, readLookAnswer, readProblem } from './lookAnswer';
import { kindOf } from './taskEvidence';
import { groupsScript, killScript, lookScript, pauseScript, submitScript } from './scripts';

/** Beyond the time limits that the scripts themselves set. */
const submitDeadlineMs = 120_000;
const lookDeadlineMs = 60_000;
const killMarginMs = 90_000;
const pauseDeadlineMs = 60_000;
const groupsDeadlineMs = 30_000;
const maxAnswerBytes = 16 * 1024 * 1024;

const none: Line = { words: [], data: Buffer.alloc(0) };
const textOf = ({ data }: Line): string => printable(data.toString('utf8'));

export interface PueueLauncherOptions {
  /** Gives an unguessable word for each request. */
  nonce: () => string;
  /** Looks at run directories, and acts on what runs there when pueue cannot. */
  process: Launcher;
  log: (message: string) => void;
}

/** Hands operations to the host's pueue (versions 3 and 4), which starts the supervisor when it has a free slot. */
export class PueueLauncher implements Launcher {
  /** It is the user's own and answers at once: it is asked whenever the run directories leave something open. */
  readonly hasQueue = false;
  readonly findsOthers = true;
  readonly #living = new LivingTasks();

  constructor(private readonly options: PueueLauncherOptions) {}

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
    const { id, machineId, runsId } = operation;
    const spec = launchedSpec(operation);
    const { group = '', priority } = spec.pueue ?? {};
    const block = await this.#ask(machine, hostName, submitScript, submitDeadlineMs, [
      field(id),
      field(machineId ?? ''),
      field(runsId ?? ''),
      field(spec.cwd ?? ''),
      field(supervisorName),
      field(supervisorText),
      field(runRecord(operation)),
      field(commandFile(spec)),
      field(group),
      field(priority === undefined ? '' : String(priority)),
      'complete',
    ]);
    const line = block.lines[0] ?? none;
    const [tag, first, code] = line.words;
    switch (tag) {
      case 'submitted':
        if (!/^\d{1,15}$/.test(first ?? '')) {
          throw unexpected(hostName);
        }
        return {
          kind: 'queued',
          job: { jobId: first as string, state: printable(code ?? ''), ...(group && { group }) },
        };
      case 'claimed':
      case 'other-machine':
        return { kind: tag };
      case 'unsure':
        return { kind: 'unsure', reason: problemText(readProblem(first, line), hostName) };
      case 'refused':
        return { kind: 'refused', sealed: first === 'sealed', reason: refusal(code, textOf(line), hostName) };
      default:
        throw unexpected(hostName);
    }
  }

  /**
   * The run directories first: what lives or has left its exit code needs no word of pueue. For the others pueue is
   * asked in a second round trip, which also tells what began meanwhile.
   */
  async probe(
    machine: Machine,
    hostName: string,
    requests: ProbeRequest[],
    options: ProbeOptions = {},
  ): Promise<ReadonlyMap<string, Evidence>> {
    const runs =
      requests.length > 0
        ? await this.options.process.probe(machine, hostName, requests, options)
        : new Map<string, Evidence>();
    const operations = requests.map(({ operation }) => operation);
    const open = operations.filter(({ id }) => isOpen(runs.get(id)));
    const answer =
      open.length > 0 || options.onOthers ? await this.#look(machine, hostName, open, options) : undefined;
    return new Map(
      operations.flatMap((operation) => {
        const evidence = combined(operation, runs.get(operation.id), answer, hostName);
        return evidence ? [[operation.id, evidence]] : [];
      }),
    );
  }

  /** `undefined` where there is no pueue, or its daemon does not run. */
  async groups(machine: Machine, hostName: string): Promise<PueueGroup[] | undefined> {
    const { lines } = await this.#ask(machine, hostName, groupsScript, groupsDeadlineMs, []);
    return lines[0]?.words[0] === 'pueue' ? [...readGroups(lines).values()] : undefined;
  }

  /** Through pueue, so that it knows; then whatever may be left of the operation's processes. */
  async kill(
    machine: Machine,
    hostName: string,
    operation: Operation,
    graceSeconds: number,
  ): Promise<KillOutcome> {
    const { id, machineId, runsId } = operation;
    const request = `${id} ${machineId ?? '-'} ${graceSeconds} ${runsId ?? '-'}`;
    const deadline = graceSeconds * 1000 + killMarginMs;
    const { lines } = await this.#ask(machine, hostName, killScript, deadline, [request]);
    const [tag, count] = lines[0]?.words ?? [];
    switch (tag) {
      case 'sealed':
        return { kind: 'sealed' };
      case 'ended':
        return { kind: 'look' };
      case 'alive':
        return { kind: 'survived', processes: Number.parseInt(count ?? '1', 10) };
      case 'other-machine':
        throw elsewhere(
          l10n.t(
            'Another machine, or another home directory, than before is behind {0}, so nothing was killed. Connect to the machine where the operation was started.',
            hostName,
          ),
        );
      case 'dead':
      case 'look':
      case 'unasked': {
        const outcome = await this.options.process.kill(machine, hostName, operation, graceSeconds);
        return outcome.kind === 'look' && tag === 'dead'
          ? { kind: 'dead', seen: l10n.t('end of its task in pueue seen') }
          : outcome;
      }
      default:
        throw unexpected(hostName);
    }
  }

  async setPaused(
    machine: Machine,
    hostName: string,
    operation: Operation,
    paused: boolean,
  ): Promise<PauseOutcome> {
    const { id, machineId, runsId } = operation;
    const request = `${id} ${machineId ?? '-'} ${runsId ?? '-'} ${paused ? 'pause' : 'go'}`;
    const { lines } = await this.#ask(machine, hostName, pauseScript, pauseDeadlineMs, [request]);
    const line = lines[0] ?? none;
    const [tag, word = ''] = line.words;
    switch (tag) {
      case 'done':
        return { kind: 'done', seen: l10n.t('{0} in pueue', printable(word)) };
      case 'look':
        return { kind: 'look' };
      case 'refused':
        return { kind: 'refused', reason: l10n.t('pueue on {0} did not do it: {1}', hostName, textOf(line)) };
      case 'other-machine':
        throw elsewhere(
          paused
            ? l10n.t(
                'Another machine, or another home directory, than before is behind {0}, so nothing was paused. Connect to the machine where the operation was started.',
                hostName,
              )
            : l10n.t(
                'Another machine, or another home directory, than before is behind {0}, so nothing was resumed. Connect to the machine where the operation was started.',
                hostName,
              ),
        );
      case 'none':
      case 'unasked':
        // A daemon that was started anew does not know what still runs.
        return operation.identity && this.options.process.setPaused
          ? this.options.process.setPaused(machine, hostName, operation, paused)
          : { kind: 'refused', reason: sentence(noTaskText(tag, line, hostName)) };
      default:
        throw unexpected(hostName);
    }
  }

  async #look(
    machine: Machine,
    hostName: string,
    operations: readonly Operation[],
    { signal, onRequest, onOthers }: ProbeOptions,
  ): Promise<LookAnswer> {
    const others = onOthers ? ['others', ...this.#living.on(machine.hostId)].join(' ') : '';
    const ids = operations.map(({ id }) => id);
    try {
      const block = await this.#ask(
        machine,
        hostName,
        lookScript,
        lookDeadlineMs,
        [others, ...ids, 'complete'],
        signal,
      );
      onRequest?.();
      const answer = readLookAnswer(block);
      if (!answer) {
        throw unexpected(hostName);
      }
      this.#logStrange(answer, hostName);
      this.#tellOthers(machine, hostName, answer, onOthers);
      return answer;
    } catch (error) {
      // What the run directories told holds all the same.
      if (isRemoteOperationsError(error, 'BadAnswer')) {
        const answer = unanswered(error.message);
        this.#tellOthers(machine, hostName, answer, onOthers);
        return answer;
      }
      throw error;
    }
  }

  #tellOthers(
    { hostId }: Machine,
    hostName: string,
    answer: LookAnswer,
    onOthers: ProbeOptions['onOthers'],
  ): void {
    if (!answer.problem && onOthers) {
      this.#living.note(hostId, answer);
    }
    onOthers?.(findTasks(answer, hostName));
  }

  #logStrange({ tasks, strange }: LookAnswer, hostName: string): void {
    const unlisted = [...tasks.values()].flat().filter((task) => kindOf(task) === 'unlisted');
    for (const { number, state } of unlisted) {
      this.options.log(`${hostName}: task ${number} is ${state}, which is not known here: taken for active`);
    }
    if (strange > 0) {
      this.options.log(`${hostName}: ${strange} tasks of pueue are not understood`);
    }
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

const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;

const noTaskText = (tag: 'none' | 'unasked', line: Line, hostName: string): string =>
  tag === 'unasked'
    ? problemText(readProblem(line.words[1], line), hostName)
    : l10n.t('pueue on {0} has no task of it that waits or runs', hostName);

const elsewhere = (text: string): RemoteOperationsError => new RemoteOperationsError('BadAnswer', text);

const unanswered = (words: string): LookAnswer => ({
  problem: { code: 'no-answer', words },
  tasks: new Map(),
  groups: new Map(),
  claimed: new Set(),
  handed: new Map(),
  others: { tasks: [], isWhole: false },
  hostMs: NaN,
  machineId: '-',
  strange: 0,
});
