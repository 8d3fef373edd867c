import type { Launcher } from '../launchers/launcher';
import { RemoteOperationsError } from '../operations/errors';
import type { Operation } from '../operations/operation';
import type { LauncherName } from '../operations/operationView';

/** The ways of starting operations, by name. */
export class Launchers {
  constructor(private readonly byName: Readonly<Partial<Record<LauncherName, Launcher>>>) {}

  /** Whether there is one for this operation: what was started in another way is not ours to look at. */
  has({ launcher }: Pick<Operation, 'launcher'>): boolean {
    return this.byName[launcher] !== undefined;
  }

  /** @throws RemoteOperationsError `NotApplicable` */
  of({ launcher, spec }: Pick<Operation, 'launcher' | 'spec'>): Launcher {
    const found = this.byName[launcher];
    if (!found) {
      throw new RemoteOperationsError(
        'NotApplicable',
        `"${spec.name}" is run by "${launcher}", which this version cannot act on. Update the extension.`,
      );
    }
    return found;
  }
}
