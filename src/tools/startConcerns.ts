import * as l10n from '@vscode/l10n';
import type { OperationsService } from '../engine/operationsService';
import type { HostView } from '../operations/operationView';
import type { SubmitSpec } from '../operations/operation';
import { isTroubled } from '../operations/hostState';
import { reasonWithShares } from '../operations/overloadText';
import { plannedText } from '../operations/portPlan';
import { isTaken, type PortUse } from '../operations/portUse';
import { startsOnHost } from '../operations/untilFree';

/** A question does not wait longer for what is only good to know. */
const mostWaitMs = 8_000;

/**
 * What speaks against starting something on a host now: what that has to do already, and who uses its port. Nothing where
 * it cannot be told in time, or would take a login.
 */
export async function startConcerns(
  service: Pick<OperationsService, 'checkOverload' | 'checkPorts' | 'get'>,
  host: HostView,
  { launcher = 'process', port, gpus }: SubmitSpec,
): Promise<string[]> {
  if (!startsOnHost(launcher) || host.state !== 'connected' || isTroubled(host)) {
    return [];
  }
  const signal = AbortSignal.timeout(mostWaitMs);
  const needs = gpus === undefined ? {} : { gpus };
  const concerns = await Promise.all([
    inTime(signal, loadConcerns(service, host.id, needs)),
    port === undefined ? [] : inTime(signal, portConcerns(service, host.id, port, signal)),
  ]);
  return concerns.flat();
}

async function loadConcerns(
  service: Pick<OperationsService, 'checkOverload'>,
  hostId: string,
  needs: { gpus?: number },
): Promise<string[]> {
  const { overloaded, reasons } = await service.checkOverload(hostId, needs);
  return overloaded ? reasons.map(reasonWithShares) : [];
}

async function portConcerns(
  service: Pick<OperationsService, 'checkPorts' | 'get'>,
  hostId: string,
  port: number,
  signal: AbortSignal,
): Promise<string[]> {
  const uses = await service.checkPorts(hostId, [port], {}, signal);
  return uses.filter(isTaken).map((use) => portConcern(service, use));
}

function portConcern(
  service: Pick<OperationsService, 'get'>,
  { port, isPlanned, operationId = '', process = '', user = '' }: PortUse,
): string {
  if (isPlanned) {
    return l10n.t(
      'Port {0} is meant for {1}',
      String(port),
      plannedText(service.get(operationId), Date.now()),
    );
  }
  const who = [process, user].filter(Boolean).join(', ');
  return who === ''
    ? l10n.t('Port {0} is in use', String(port))
    : l10n.t('Port {0} is in use: {1}', String(port), who);
}

function inTime(signal: AbortSignal, concerns: Promise<string[]>): Promise<string[]> {
  const tooLate = new Promise<string[]>((resolve) => {
    signal.addEventListener('abort', () => resolve([]), { once: true });
  });
  return Promise.race([concerns.catch(() => []), tooLate]);
}
