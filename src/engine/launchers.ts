import * as l10n from '@vscode/l10n';
import type { Machine } from '../hosts/machine';
import type { Launcher } from '../launchers/launcher';
import { RemoteOperationsError } from '../operations/errors';
import type { Operation } from '../operations/operation';
import {
  hostLaunchers,
  type HostLauncher,
  type LaunchChoices,
  type LauncherName,
} from '../operations/operationView';
import { isLiving } from '../operations/pausing';

/** The ways of starting operations, by name. */
export class Launchers {
  constructor(
    private readonly byName: Readonly<Partial<Record<LauncherName, Launcher>>> & { process: Launcher },
  ) {}

  /** It looks at the run directories of all launchers. */
  get process(): Launcher {
    return this.byName.process;
  }

  /** Whether there is one for this operation: what was started in another way is not ours to look at. */
  has({ launcher }: Pick<Operation, 'launcher'>): boolean {
    return this.byName[launcher] !== undefined;
  }

  /**
   * Those that a host can be used with, of those that are allowed there. A host that tells nothing runs processes.
   * One that does not answer is left out. @throws the machine's errors, if none does
   */
  async choices(
    machine: Machine,
    hostName: string,
    allowed: readonly HostLauncher[] = hostLaunchers,
  ): Promise<LaunchChoices> {
    const { process, slurm, pueue } = this.byName;
    const ofSlurm = allowed.includes('slurm') ? slurm?.offer?.(machine, hostName) : undefined;
    const ofPueue = allowed.includes('pueue') ? pueue?.groups?.(machine, hostName) : undefined;
    const ofSystemd = allowed.includes('process') ? process.offersSystemd?.(machine, hostName) : undefined;
    const answers = await Promise.allSettled([ofSlurm, ofPueue, ofSystemd]);
    const failed = answers.filter((answer) => answer.status === 'rejected');
    if (failed[0] && failed.length === [ofSlurm, ofPueue, ofSystemd].filter(Boolean).length) {
      throw failed[0].reason;
    }
    const [offer, groups, systemd] = [valueOf(answers[0]), valueOf(answers[1]), valueOf(answers[2])];
    const isThere = { process: true, slurm: offer !== undefined, pueue: groups !== undefined };
    const found = allowed.filter((name) => isThere[name]);
    return {
      launchers: found.length > 0 ? found : [...allowed],
      partitions: offer?.partitions ?? [],
      accounts: offer?.accounts ?? [],
      groups: groups ?? [],
      ...(systemd && { systemd }),
    };
  }

  /** What a batch script on a host asks Slurm for. @throws the machine's errors, `InvalidInput`, `BadAnswer` */
  async directives(machine: Machine, hostName: string, script: string): Promise<string[]> {
    return (await this.byName.slurm?.directives?.(machine, hostName, script)) ?? [];
  }

  /** Those that tell of what was started elsewhere. */
  get finders(): LauncherName[] {
    const names = Object.keys(this.byName) as LauncherName[];
    return names.filter((name) => this.byName[name]?.findsOthers);
  }

  named(name: LauncherName): Launcher | undefined {
    return this.byName[name];
  }

  /** Whether it can be suspended now or, where it waits for a scheduler, held. */
  canPause({ launcher, status, origin }: Pick<Operation, 'launcher' | 'status' | 'origin'>): boolean {
    const found = origin === undefined ? this.byName[launcher] : undefined;
    return found?.setPaused !== undefined && (isLiving(status) || status === 'pending');
  }

  /** @throws RemoteOperationsError `NotApplicable` */
  of({ launcher, spec }: Pick<Operation, 'launcher' | 'spec'>): Launcher {
    const found = this.byName[launcher];
    if (!found) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t(
          '"{0}" is run by "{1}", which this version cannot act on. Update the extension.',
          spec.name,
          launcher,
        ),
      );
    }
    return found;
  }
}

const valueOf = <T>(answer: PromiseSettledResult<T>): T | undefined =>
  answer.status === 'fulfilled' ? answer.value : undefined;
