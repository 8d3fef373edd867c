import * as l10n from '@vscode/l10n';
import type { Disposable } from '../emitter';
import { decide } from '../operations/decide';
import { fresh, type Decision, type Watch } from '../operations/decision';
import { isRemoteOperationsError, RemoteOperationsError } from '../operations/errors';
import type { Evidence } from '../operations/evidence';
import { exitText } from '../operations/exitText';
import type { Operation } from '../operations/operation';
import { isReported, reportedProgress, reportHost, type ReportSpec } from '../operations/report';
import { parseProgressReport, parseReport, parseReportResult } from '../operations/reportInput';
import { isTerminal } from '../operations/status';
import { statusText } from '../operations/statusText';
import { type EngineContext, isoNow } from './context';
import { evenIfUnsaved } from './evenIfUnsaved';
import { ReportSilence } from './reportSilence';
import type { Watches } from './watches';

/** An extension that starts them in a loop must not fill the list. */
const mostAtOnce = 1_000;

/** The window that owns the engine. */
const thisWindow = 'this window';

/**
 * Operations that other extensions run: what is known of them is what was told. No host is ever looked at for them, and
 * nothing acts on them.
 */
export class Reports implements Disposable {
  readonly #silence: ReportSilence;

  constructor(
    private readonly context: EngineContext,
    private readonly watches: Watches,
  ) {
    this.#silence = new ReportSilence(context, watches);
  }

  /** Takes up those of earlier windows: nobody tells of them, until somebody does. */
  begin(): void {
    this.#silence.begin();
  }

  /** @param id the same when it is asked for again, as no answer came */
  async start(input: unknown, id: string, window = thisWindow): Promise<void> {
    const { store } = this.context;
    const report = parseReport(input);
    if (!store.get(id)) {
      this.#admit(report);
      this.watches.set(id, fresh);
      this.#silence.heard(id, window);
      await store.insert(this.#operationOf(report, id), l10n.t('reported by its extension')).catch(notShown);
    }
  }

  async update(id: string, input: unknown, window = thisWindow): Promise<void> {
    const { store } = this.context;
    const given = parseProgressReport(input);
    const operation = this.#reported(id);
    if (isTerminal(operation.status)) {
      throw hasEnded(operation);
    }
    const { resources } = given;
    const { change } = this.#decide(operation, {
      kind: 'alive',
      activity: 'running',
      uptimeSeconds: (this.context.clock.now() - Date.parse(operation.submittedAt)) / 1000,
      progress: reportedProgress(operation.progress, given),
      by: reportText(),
    });
    this.#silence.heard(id, window);
    const known = { ...change, ...(resources && { report: { ...operation.report, resources } }) };
    if (operation.archived) {
      // What goes on after all must not stay out of sight.
      await evenIfUnsaved(store.update(id, operation.version, { ...known, archived: undefined }));
    } else {
      store.refresh(new Map([[id, known]]));
    }
  }

  async complete(id: string, input: unknown): Promise<void> {
    const { exitCode, error } = parseReportResult(input);
    const operation = this.#reported(id);
    const state = error === undefined && (exitCode ?? 0) === 0 ? 'completed' : 'failed';
    if (isTerminal(operation.status)) {
      if (operation.status === state) {
        // Told again, as no answer came.
        return;
      }
      throw hasEnded(operation);
    }
    const reason = error ?? (exitCode === undefined ? statusText('completed') : exitText(exitCode));
    const { change, evidence } = this.#decide(operation, {
      kind: 'settled',
      state,
      reason,
      ...(exitCode !== undefined && { exitCode }),
      by: reportText(),
    });
    this.#silence.forget(id);
    await evenIfUnsaved(this.context.store.update(id, operation.version, change ?? {}, evidence));
  }

  /** `ids`: all that the extensions of a window tell of; none once it has gone. */
  hear(ids: readonly string[], window = thisWindow): void {
    this.#silence.hear(ids, window);
  }

  dispose(): void {
    this.#silence.dispose();
  }

  #decide(operation: Operation, seen: Evidence): Decision {
    const { clock, hosts } = this.context;
    const decision = decide(operation, this.watches.of(operation), seen, {
      now: isoNow(clock),
      nowMs: clock.monotonicMs(),
      hostName: hosts.nameOf(operation.spec.hostId),
    });
    const watch: Watch = decision.watch;
    this.watches.set(operation.id, watch);
    return decision;
  }

  /** @throws RemoteOperationsError `UnknownHost`, `NotApplicable` */
  #admit({ hostId }: ReportSpec): void {
    const { hosts, store } = this.context;
    if (hostId !== undefined && hostId !== reportHost) {
      hosts.machine(hostId);
    }
    const active = store.all().filter((one) => isReported(one) && !isTerminal(one.status) && !one.archived);
    if (active.length >= mostAtOnce) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('{0} operations are reported already. Complete some of them, or archive them.', mostAtOnce),
      );
    }
  }

  #operationOf(report: ReportSpec, id: string): Operation {
    const { hostId = reportHost, command = '', pid, reportedBy, ...spec } = report;
    const now = isoNow(this.context.clock);
    return {
      id,
      version: 1,
      spec: { ...spec, hostId, command },
      launcher: 'external',
      report: { ...(reportedBy !== undefined && { by: reportedBy }), ...(pid !== undefined && { pid }) },
      status: 'running',
      submittedAt: now,
      startedAt: now,
      verifiedAt: now,
      verifiedBy: reportText(),
    };
  }

  #reported(id: string): Operation {
    const operation = this.context.store.get(id);
    if (!operation) {
      throw new RemoteOperationsError(
        'UnknownOperation',
        l10n.t('There is no operation {0}. It may have been removed.', id),
      );
    }
    if (!isReported(operation)) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('"{0}" was not started by a report: its host tells how it goes.', operation.spec.name),
      );
    }
    return operation;
  }
}

/** @throws RemoteOperationsError `NotApplicable` of what another extension runs */
export function refuseReported(operation: Operation): void {
  if (isReported(operation)) {
    throw new RemoteOperationsError(
      'NotApplicable',
      l10n.t(
        '"{0}" is run by another extension and is only shown here. What you want of it can be done there.',
        operation.spec.name,
      ),
    );
  }
}

const reportText = () => l10n.t('report of its extension');

const hasEnded = ({ spec, status }: Operation): RemoteOperationsError =>
  new RemoteOperationsError(
    'NotApplicable',
    l10n.t('"{0}" has already ended ({1}).', spec.name, statusText(status)),
  );

/** It runs whatever the disk here does: only its row is missing. */
function notShown(error: unknown): never {
  throw isRemoteOperationsError(error, 'NotSaved')
    ? new RemoteOperationsError(
        'NotSaved',
        l10n.t(
          'It is not shown, because it could not be saved on this computer. Make room, then report it again.',
        ),
        { cause: error },
      )
    : error;
}
