import * as l10n from '@vscode/l10n';
import { errorMessage } from '../../operations/errors';
import type { HostHealth } from '../../operations/hostHealth';
import type { OperationView } from '../../operations/operationView';
import { judgeLoad, type LoadNeeds, type Overload } from '../../operations/overload';
import type { EngineContext } from '../context';

/** What is to be started waits no longer than this for the answer. */
const deadlineMs = 5_000;

/** What the check asks of the engine. */
export interface LoadSources {
  /** Looks now, and asks the user nothing. @throws the machine's errors */
  sample(hostId: string): Promise<HostHealth>;
  operations(): OperationView[];
}

/** Tells whether a host has too much to do already. */
export class OverloadCheck {
  constructor(
    private readonly context: Pick<EngineContext, 'hosts' | 'clock' | 'settings'>,
    private readonly sources: LoadSources,
  ) {}

  /** Resolves within a few seconds, and never rejects: a host that cannot be seen does not count as overloaded. */
  async of(hostId: string, needs?: LoadNeeds): Promise<Overload> {
    try {
      const health = await this.#inTime(hostId, this.sources.sample(hostId));
      const operations = this.sources.operations().filter((view) => view.hostId === hostId);
      return judgeLoad(health, this.context.settings().overload, operations, needs);
    } catch (error) {
      return { overloaded: false, reasons: [], problem: errorMessage(error) };
    }
  }

  #inTime<T>(hostId: string, answer: Promise<T>): Promise<T> {
    const { clock, hosts } = this.context;
    return new Promise((resolve, reject) => {
      const timer = clock.after(deadlineMs, () =>
        reject(
          new Error(
            l10n.t('{0} did not tell its load within {1} s.', hosts.nameOf(hostId), deadlineMs / 1000),
          ),
        ),
      );
      answer.then(resolve, reject).finally(() => timer.dispose());
    });
  }
}
