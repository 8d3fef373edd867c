import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../../operations/errors';
import type { Operation, ProcessIdentity, SubmitSpec } from '../../operations/operation';
import { parseSpec } from '../../operations/spec';
import type { Untracked } from '../../operations/untracked';
import type { EngineContext } from '../context';
import type { Exclusive } from '../exclusive';
import type { Submitter } from '../submitter';

/** Programs are found once they run for this long. */
const longSeconds = 600;
const longestName = 500;

/** Finds what runs untracked on hosts, and takes it into the list. */
export class Adoption {
  constructor(
    private readonly context: EngineContext,
    private readonly submitter: Submitter,
    private readonly busy: Exclusive,
  ) {}

  /** Without what is being taken in just now. */
  async find(hostId: string): Promise<Untracked[]> {
    const { hosts, launchers } = this.context;
    const found = await launchers.process.discover?.(
      hosts.machine(hostId),
      hosts.nameOf(hostId),
      longSeconds,
    );
    return (found ?? []).filter(({ identity }) => !identity || isAnew(this.#operationOf(identity)));
  }

  /**
   * Resolves with the id of its operation. The intent is stored before anything is written on the host; what comes
   * without an answer is looked up, and taken in again, under the same id. Never signals.
   */
  async track(hostId: string, found: Untracked): Promise<string> {
    const { hosts, launchers, store } = this.context;
    const { identity, name } = found;
    const hostName = hosts.nameOf(hostId);
    if (!identity) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('"{0}" cannot be tracked: no process of yours on {1} stands for it.', name, hostName),
      );
    }
    const spec = specOf(hostId, found);
    const { machineId } = await launchers.process.identify(hosts.machine(hostId), hostName);
    if (machineId !== identity.machineId) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('Another machine answers behind {0} than the one on which "{1}" was found.', hostName, name),
      );
    }
    const known = this.#operationOf(identity);
    const { id } =
      known && !isAnew(known)
        ? known
        : await this.submitter.intend(spec, { id: this.#idFor(identity), adopted: { identity } });
    await this.busy.run(id, () => this.#takeUp(store.get(id)));
    return id;
  }

  async #takeUp(operation: Operation | undefined): Promise<void> {
    if (operation?.status === 'submitting' || operation?.status === 'unconfirmed') {
      await this.submitter.relaunch(operation);
    } else if (operation?.archived) {
      await this.context.store.update(operation.id, operation.version, { archived: false });
    }
  }

  /** The last that stood for this process. */
  #operationOf(identity: ProcessIdentity): Operation | undefined {
    const { store } = this.context;
    let last: Operation | undefined;
    for (let at = 1; ; at++) {
      const next = store.get(adoptedId(identity, at));
      if (!next) {
        return last;
      }
      last = next;
    }
  }

  /** A try that failed, as for want of room on the disk, does not stand in the way of the next. */
  #idFor(identity: ProcessIdentity): string {
    let at = 1;
    while (this.context.store.get(adoptedId(identity, at))) {
      at++;
    }
    return adoptedId(identity, at);
  }
}

/** Nothing stands for it yet, or only what never came to be. */
const isAnew = (known: Operation | undefined): boolean =>
  known === undefined || (known.status === 'failed' && known.identity === undefined);

/** The same process has the same operation, whichever window or computer takes it in. */
const adoptedId = ({ machineId, bootId, pid, startTicks }: ProcessIdentity, attempt: number): string => {
  const text = [machineId, bootId, pid, startTicks, ...(attempt > 1 ? [attempt] : [])].join('\n');
  return `tracked-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
};

function specOf(
  hostId: string,
  { kind, name, service, isGuess, command, folder, ports }: Untracked,
): SubmitSpec {
  const [port] = ports ?? [];
  return parseSpec({
    hostId,
    type: kind === 'server' || port !== undefined ? 'server' : 'program',
    name: name.slice(0, longestName),
    command: command?.trim() ? command : name,
    ...(service !== undefined && !isGuess && { kind: service }),
    ...(folder !== undefined && { cwd: folder }),
    ...(port !== undefined && { port }),
  });
}
