import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../../operations/errors';
import type { ProcessIdentity } from '../../operations/operation';
import { isPort, mostPorts } from '../../operations/portList';
import { type EndedProcess, type PortUse, portUses } from '../../operations/portUse';
import { isTerminal } from '../../operations/status';
import type { EngineContext } from '../context';

const defaultGraceSeconds = 10;
const mostGraceSeconds = 600;

/** Who listens on the ports of a host, and what ends them. */
export class Ports {
  constructor(private readonly context: Pick<EngineContext, 'hosts' | 'launchers' | 'store'>) {}

  /** @param ports none: all that anybody listens on */
  async check(hostId: string, ports: readonly number[], signal?: AbortSignal): Promise<PortUse[]> {
    if (!ports.every(isPort) || ports.length > mostPorts) {
      throw new RemoteOperationsError(
        'InvalidInput',
        l10n.t('Ports are whole numbers from 1 to 65535, {0} at most.', mostPorts),
      );
    }
    const { hosts, launchers, store } = this.context;
    const hostName = hosts.nameOf(hostId);
    const look = await launchers.process.listeners?.(hosts.machine(hostId), hostName, ports, signal);
    if (!look) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t(
          '{0} does not show which ports are in use: neither /proc/net/tcp nor ss nor netstat tells there. Look in a terminal there.',
          hostName,
        ),
      );
    }
    const active = store.all().filter(({ status }) => !isTerminal(status));
    return portUses(look, ports, hostId, { get: (id) => store.get(id), active });
  }

  /** @throws as `OperationsService.endProcess` */
  endProcess(
    hostId: string,
    process: ProcessIdentity,
    graceSeconds = defaultGraceSeconds,
  ): Promise<EndedProcess> {
    const { hosts, launchers } = this.context;
    const { machineId, bootId, pid, startTicks } = process;
    const isSound =
      Number.isSafeInteger(pid) &&
      pid > 0 &&
      [startTicks, bootId].every((word) => /^[\w:-]{1,64}$/.test(word)) &&
      // It may be what the machine is called.
      /^[\x21-\x7e]{1,128}$/.test(machineId);
    if (!isSound || !(graceSeconds >= 0 && graceSeconds <= mostGraceSeconds)) {
      throw new RemoteOperationsError(
        'InvalidInput',
        l10n.t(
          'A process is named by its machine, boot, pid and start time, and has at most {0} seconds to end.',
          mostGraceSeconds,
        ),
      );
    }
    const { process: launcher } = launchers;
    if (!launcher.endProcess) {
      throw new RemoteOperationsError('NotApplicable', l10n.t('Processes cannot be ended there.'));
    }
    const machine = hosts.machine(hostId);
    return launcher.endProcess(machine, hosts.nameOf(hostId), process, Math.round(graceSeconds));
  }
}
