import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';
import { oneLine, stamp, table } from './historyTable';
import { OperationDocuments } from './operationDocuments';
import { statusDetail, statusText } from './operationText';

/** Every status change of an operation with what it rested on, as a read-only document that keeps up. */
export class HistoryDocuments extends OperationDocuments {
  /** As they were picked: a window that does not own the engine does not know archived ones otherwise. */
  readonly #views = new Map<string, OperationView>();

  constructor(private readonly service: OperationsService) {
    super(
      'remote-operation-history',
      '.history',
      vscode.window.onDidChangeVisibleTextEditors(() => this.#update(() => true)),
      service.onDidChange((views) => {
        const changed = new Set(views.map(({ id }) => id));
        this.#update((id) => changed.has(id));
      }),
    );
  }

  async show(view: OperationView): Promise<void> {
    this.#views.set(view.id, view);
    await this.open(view);
  }

  protected override async text(id: string): Promise<string> {
    const events = await this.service.history(id);
    const { t } = vscode.l10n;
    const rows = events.map(({ at, from, to, evidence }) => [
      stamp(at),
      from ? statusText(from) : '',
      statusText(to),
      evidence,
    ]);
    const changes = table([t('Time'), t('From'), t('To'), t('Evidence')], rows);
    return [...this.#head(id), '', changes, ''].join('\n');
  }

  #head(id: string): string[] {
    const view = this.service.get(id) ?? this.#views.get(id);
    if (!view) {
      return [id];
    }
    const { t } = vscode.l10n;
    const host = this.service.hosts().find((known) => known.id === view.hostId);
    const facts = table(
      [t('Status'), statusDetail(view)],
      [
        [t('Host'), host?.name ?? view.hostId],
        [t('Command'), view.command],
        ...(view.attempt === undefined ? [] : [[t('Attempt'), String(view.attempt)]]),
        ...(view.error === undefined ? [] : [[t('Why'), view.error]]),
        [t('Id'), id],
      ],
    );
    return [oneLine(view.name), '', facts];
  }

  #update(concerns: (id: string) => boolean): void {
    for (const { uri } of this.visible().filter(({ id }) => concerns(id))) {
      // What was read stays; it has an error only where the operation was removed or no window answers.
      this.read(uri).catch(() => undefined);
    }
  }
}
