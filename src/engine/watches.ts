import * as l10n from '@vscode/l10n';
import type { Watch } from '../operations/decision';
import type { Operation } from '../operations/operation';

/** How each operation is observed at present. In memory: after a restart all are looked at afresh. */
export class Watches {
  readonly #watches = new Map<string, Watch>();

  of(operation: Operation): Watch {
    return (
      this.#watches.get(operation.id) ?? {
        observation: 'stale',
        reason: l10n.t('not looked at yet since VS Code started'),
        unverifiedSince: operation.verifiedAt ?? operation.submittedAt,
      }
    );
  }

  delete(id: string): void {
    this.#watches.delete(id);
  }

  set(id: string, watch: Watch): void {
    this.#watches.set(id, watch);
  }
}
