import { type Clock, pause } from '../engine/clock';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import type { ProgressReport } from '../operations/report';
import { parseProgressReport } from '../operations/reportInput';

/** Views show nothing faster, and the window that owns the engine may be another one. */
const everyMs = 500;

interface Batch {
  progress: ProgressReport;
  sent: Promise<OperationView>;
}

/**
 * Passes on what extensions of this window tell of their operations: the first at once, then of each at most two a
 * second and one at a time, with all that was told in between.
 */
export class ReportPace {
  readonly #waiting = new Map<string, Batch>();
  /** When the next may go. */
  readonly #gates = new Map<string, Promise<unknown>>();

  constructor(
    private readonly service: Pick<OperationsService, 'updateReport' | 'completeReport'>,
    private readonly clock: Clock,
  ) {}

  /** Resolves once what was told is known to the engine. @throws as `OperationsService.updateReport` */
  async update(id: string, input: unknown): Promise<OperationView> {
    const progress = parseProgressReport(input);
    const waiting = this.#waiting.get(id);
    if (waiting) {
      Object.assign(waiting.progress, progress);
      return waiting.sent;
    }
    const batch: Batch = { progress, sent: this.#whenOpen(id).then(() => this.#send(id, batch.progress)) };
    this.#waiting.set(id, batch);
    return batch.sent;
  }

  /** Its last updates go before. @throws as `OperationsService.completeReport` */
  async complete(id: string, result: unknown): Promise<OperationView> {
    await this.#waiting.get(id)?.sent.catch(() => undefined);
    return this.service.completeReport(id, result);
  }

  async #whenOpen(id: string): Promise<void> {
    await this.#gates.get(id);
  }

  #send(id: string, progress: ProgressReport): Promise<OperationView> {
    this.#waiting.delete(id);
    const sent = this.service.updateReport(id, progress);
    const gate = Promise.allSettled([sent, pause(this.clock, everyMs)]).then(() => {
      if (this.#gates.get(id) === gate) {
        this.#gates.delete(id);
      }
    });
    this.#gates.set(id, gate);
    return sent;
  }
}
