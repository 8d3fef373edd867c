import * as l10n from '@vscode/l10n';
import { Emitter } from '../../emitter';
import { isHostName } from '../../hosts/destination';
import type { ForwardedConnection, ForwardTarget } from '../../hosts/machine';
import { portUser } from '../../hosts/portUser';
import { RemoteOperationsError } from '../../operations/errors';
import type { Operation } from '../../operations/operation';
import { isTerminal } from '../../operations/status';
import { Exclusive } from '../exclusive';
import type { Hosts } from '../hosts';
import type { OpenedPort } from '../operationsService';
import { ForwardListener, PortTaken } from './forwardListener';

interface Forward {
  hostId: string;
  listener: ForwardListener;
  takenBy: string | undefined;
}

const tryMs = 20_000;

/** The ports of servers that are forwarded to this computer, one for each operation. */
export class PortForwards {
  readonly #forwards = new Map<string, Forward>();
  readonly #opening = new Exclusive();
  readonly #changed = new Emitter<string>();
  #isDisposed = false;

  /** Told of the operation. */
  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly hosts: Pick<Hosts, 'machine' | 'nameOf'>,
    private readonly log: (message: string) => void,
  ) {}

  localPortOf(id: string): number | undefined {
    return this.#forwards.get(id)?.listener.port;
  }

  /** @throws RemoteOperationsError `NotApplicable`, and the machine's errors */
  async open(operation: Operation, { localPort }: { localPort?: number }): Promise<OpenedPort> {
    const target = targetOf(operation);
    if (!this.hosts.machine(operation.spec.hostId).forward) {
      return { localPort: target.port, isLocal: true };
    }
    const { id } = operation;
    await this.#opening.run(id, async () => {
      if (!this.#forwards.has(id)) {
        await this.#begin(operation, target, localPort);
      }
    });
    const forward = this.#forwards.get(id);
    if (!forward) {
      throw closed();
    }
    const { listener, takenBy } = forward;
    return { localPort: listener.port, isLocal: false, ...(takenBy !== undefined && { takenBy }) };
  }

  close(id: string): void {
    const forward = this.#forwards.get(id);
    if (forward) {
      this.#forwards.delete(id);
      forward.listener.dispose();
      this.#changed.fire(id);
    }
  }

  /** A server that has ended has no port any more. */
  note({ id, status }: Pick<Operation, 'id' | 'status'>): void {
    if (isTerminal(status)) {
      this.close(id);
    }
  }

  /** Those of other hosts lead nowhere any more. */
  keepHosts(hostIds: ReadonlySet<string>): void {
    for (const [id, { hostId }] of this.#forwards) {
      if (!hostIds.has(hostId)) {
        this.close(id);
      }
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { listener } of this.#forwards.values()) {
      listener.dispose();
    }
    this.#forwards.clear();
  }

  async #begin({ id, spec }: Operation, target: ForwardTarget, localPort: number | undefined): Promise<void> {
    const { hostId } = spec;
    const open = (signal: AbortSignal) => {
      const machine = this.hosts.machine(hostId);
      return machine.forward ? machine.forward(target, signal) : Promise.reject(closed());
    };
    if (localPort === undefined) {
      await this.#prove(hostId, open);
    }
    const onProblem = (problem: string) => this.log(`port ${target.port} of ${id}: ${problem}`);
    const { listener, takenBy } = await listen(
      open,
      localPort ?? target.port,
      localPort !== undefined,
      onProblem,
    );
    if (this.#isDisposed) {
      listener.dispose();
      throw closed();
    }
    this.#forwards.set(id, { hostId, listener, takenBy });
    this.#changed.fire(id);
  }

  /** What is refused now is told now, and not by a page that stays empty. */
  async #prove(hostId: string, open: (signal: AbortSignal) => Promise<ForwardedConnection>): Promise<void> {
    const signal = AbortSignal.timeout(tryMs);
    try {
      const { stream } = await open(signal);
      stream.on('error', () => undefined).destroy();
    } catch (error) {
      throw signal.aborted ? noAnswer(this.hosts.nameOf(hostId)) : error;
    }
  }
}

/** On the wished port; else, unless it has to be that one, on any that is free. */
async function listen(
  open: ConstructorParameters<typeof ForwardListener>[0],
  wished: number,
  onlyThat: boolean,
  onProblem: (problem: string) => void,
): Promise<{ listener: ForwardListener; takenBy: string | undefined }> {
  const listener = new ForwardListener(open, onProblem);
  try {
    await listener.listen(wished);
    return { listener, takenBy: undefined };
  } catch (error) {
    if (!(error instanceof PortTaken)) {
      throw error;
    }
    const takenBy = (await portUser(wished)) ?? l10n.t('another program');
    if (onlyThat) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t(
          'Port {0} of this computer is used by {1}. Open the port again to take another one.',
          wished,
          takenBy,
        ),
      );
    }
    await listener.listen(0);
    return { listener, takenBy };
  }
}

/** @throws RemoteOperationsError `NotApplicable` */
function targetOf({ spec, status, launcher, scheduler }: Operation): ForwardTarget {
  const refuse = (message: string): never => {
    throw new RemoteOperationsError('NotApplicable', message);
  };
  const { name, port } = spec;
  if (port === undefined) {
    return refuse(l10n.t('"{0}" has no port. Edit and resubmit it as a server with one.', name));
  }
  if (isTerminal(status)) {
    return refuse(l10n.t('"{0}" has ended, so nothing listens on its port. Resubmit it.', name));
  }
  if (launcher !== 'slurm') {
    return { hostName: '127.0.0.1', port };
  }
  const node = scheduler?.node;
  if (node === undefined || node === '') {
    return refuse(l10n.t('"{0}" has not started on a node yet. Open its port once it runs.', name));
  }
  // A list of nodes has brackets or commas.
  return isHostName(node) && !/[[\],]/.test(node)
    ? { hostName: node, port }
    : refuse(
        l10n.t('"{0}" runs on several nodes ({1}): which of them has the port cannot be told.', name, node),
      );
}

const closed = () => new RemoteOperationsError('Cancelled', l10n.t('The port was closed meanwhile.'));

const noAnswer = (hostName: string) =>
  new RemoteOperationsError(
    'NoAnswer',
    l10n.t(
      '{0} did not open a connection to the port within {1} seconds. Try again.',
      hostName,
      tryMs / 1000,
    ),
  );
