import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import type { LaunchChoices } from '../operations/operationView';
import { withProgress } from './withProgress';

/** A host that cannot be asked leaves no choice; that it is away, the submission will tell. */
const plain: LaunchChoices = { launchers: ['process'], partitions: [], accounts: [], groups: [] };

/** How operations can be started on hosts: asked while the user answers other questions. */
export class HostChoices {
  readonly #known = new Map<string, LaunchChoices>();
  readonly #asked = new Map<string, Promise<void>>();

  constructor(private readonly service: OperationsService) {}

  /** What is known now; asks if it was not asked before. */
  of(hostId: string | undefined): LaunchChoices | undefined {
    if (hostId !== undefined && !this.#asked.has(hostId)) {
      this.#asked.set(
        hostId,
        this.service
          .launchChoices(hostId)
          .catch(() => plain)
          .then((choices) => void this.#known.set(hostId, choices)),
      );
    }
    return this.#known.get(hostId ?? '');
  }

  /** Waits for the answer, visibly. */
  async wait(hostId: string): Promise<void> {
    const title = vscode.l10n.t('Asking the host how it starts operations...');
    await withProgress({ title }, () => this.#asked.get(hostId) ?? Promise.resolve());
  }
}
