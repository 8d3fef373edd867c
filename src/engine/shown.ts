import * as l10n from '@vscode/l10n';
import { describe } from '../operations/describe';
import { RemoteOperationsError } from '../operations/errors';
import type { Operation } from '../operations/operation';
import type { HostView, OperationView } from '../operations/operationView';
import { isLiving } from '../operations/pausing';
import type { EngineContext } from './context';
import type { PortForwards } from './forwarding/portForwards';
import type { FoundOperations } from './foundOperations';
import type { Healths } from './health/healths';
import { newestFirst } from './listQuery';
import type { Poller } from './poller';
import { refuseReported } from './reports';
import type { Telemetry } from './telemetry';
import type { Watches } from './watches';

interface Parts {
  watches: Watches;
  found: FoundOperations;
  telemetry: Telemetry;
  healths: Healths;
  forwards: PortForwards;
  poller: Poller;
}

/** Operations and hosts as views and the API show them: what is stored or was found, with what is known beside that. */
export class Shown {
  constructor(
    private readonly context: EngineContext,
    private readonly parts: Parts,
  ) {}

  hosts(): HostView[] {
    const { poller, healths } = this.parts;
    return this.context.hosts.all().map((host) => {
      const answeredAt = poller.answeredAt(host.id) ?? '';
      const health = healths.health(host.id);
      return {
        ...(host.state !== 'disconnected' && poller.failing(host.id)),
        ...host,
        ...(answeredAt > (host.lastContactAt ?? '') && { lastContactAt: answeredAt }),
        ...(health && { health }),
      };
    });
  }

  /** Archived ones too. */
  all(): Operation[] {
    return [...this.context.store.all(), ...this.parts.found.all()];
  }

  operations(): OperationView[] {
    return newestFirst(this.all().filter(({ archived }) => !archived)).map((each) => this.describe(each));
  }

  get(id: string): OperationView | undefined {
    const operation = this.context.store.get(id) ?? this.parts.found.get(id);
    return operation && this.describe(operation);
  }

  /** @throws RemoteOperationsError `UnknownOperation` */
  view(id: string): OperationView {
    return this.describe(this.stored(id));
  }

  /** @throws RemoteOperationsError `UnknownOperation` */
  stored(id: string): Operation {
    this.parts.found.refuse(id);
    const operation = this.context.store.get(id);
    if (!operation) {
      throw new RemoteOperationsError(
        'UnknownOperation',
        l10n.t('There is no operation {0}. It may have been removed.', id),
      );
    }
    return operation;
  }

  /** One that can be acted on. @throws RemoteOperationsError as `stored`, and where another extension runs it */
  ours(id: string): Operation {
    const operation = this.stored(id);
    refuseReported(operation);
    return operation;
  }

  describe(operation: Operation): OperationView {
    const { clock, settings, launchers } = this.context;
    const { watches, telemetry, healths, forwards } = this.parts;
    const { id } = operation;
    const forwardedPort = forwards.localPortOf(id);
    const view = describe(operation, watches.of(operation), {
      nowMs: clock.now(),
      unknownAfterMinutes: settings().unknownAfterMinutes,
      etaSeconds: telemetry.etaSeconds(id, clock.monotonicMs() / 1000),
      speedBytesPerSecond: telemetry.speedBytesPerSecond(id),
      pausable: launchers.canPause(operation),
    });
    const resources = isLiving(view.status) ? healths.resources(id) : undefined;
    return {
      ...view,
      ...(forwardedPort !== undefined && { forwardedPort }),
      ...(resources && { resources }),
    };
  }
}
