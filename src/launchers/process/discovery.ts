import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import { RemoteOperationsError } from '../../operations/errors';
import { type FoundProcess, untrackedProcesses } from '../../operations/foundProcesses';
import { knownService } from '../../operations/knownServices';
import { sessionPrograms } from '../../operations/sessionPrograms';
import type { Untracked } from '../../operations/untracked';
import { field, unexpected } from '../answers';
import type { Block, Line } from '../frame';
import type { Send } from './runLog';
import { discoverScript } from './scripts';

/** docker, podman and tmux are waited for five seconds each and call, and so is nvidia-smi. */
const discoverDeadlineMs = 60_000;
const ticksPerSecond = 100;
const mostPorts = 64;

/** What the user has running on a host that was not started by us. @throws RemoteOperationsError also `NotApplicable` */
export async function discover(send: Send, hostName: string, longSeconds: number): Promise<Untracked[]> {
  const block = await send(discoverScript, discoverDeadlineMs, [
    field(String(longSeconds)),
    field(sessionPrograms.join(' ')),
    'complete',
  ]);
  return readUntracked(block, hostName);
}

/** Takes the answer of discover.sh. */
export function readUntracked(block: Block, hostName: string): Untracked[] {
  const processes: FoundProcess[] = [];
  const others: Untracked[] = [];
  const mains = new Set<number>();
  for (const line of block.lines) {
    const found = readLine(line, block, hostName);
    if (found && 'words' in found) {
      processes.push(found);
    } else if (found) {
      others.push(found);
      if (found.pid !== undefined) {
        mains.add(found.pid);
      }
    }
  }
  return [...untrackedProcesses(processes, mains), ...others];
}

function readLine(line: Line, block: Block, hostName: string): FoundProcess | Untracked | undefined {
  switch (line.words[0]) {
    case 'process':
      return processOf(line, block, hostName);
    case 'container':
      return containerOf(line, block, hostName);
    case 'tmux':
      return sessionOf(line, hostName);
    case 'more':
      return undefined;
    case 'no-proc':
      throw new RemoteOperationsError('NotApplicable', l10n.t('{0} does not show its processes.', hostName));
    default:
      throw unexpected(hostName);
  }
}

function processOf({ words, data }: Line, block: Block, hostName: string): FoundProcess {
  const [, pid = '', parent = '', ticks = '', ports = '', memory = ''] = words;
  const isSound =
    [pid, ticks].every(isNumber) &&
    Number(pid) > 1 &&
    (parent === '-' || isNumber(parent)) &&
    /^([-?]|\d{1,15})$/.test(memory) &&
    /^(-|\d{1,5}(,\d{1,5})*)$/.test(ports);
  if (!isSound || block.uptimeSeconds === undefined) {
    throw unexpected(hostName);
  }
  const [folder = '', ...command] = data.toString('utf8').split('\0');
  return {
    identity: identityOf(block, pid, ticks),
    ...(parent !== '-' && { parent: Number(parent) }),
    ports: ports === '-' ? [] : ports.split(',').slice(0, mostPorts).map(Number),
    isOnGpu: memory !== '-',
    ...(isNumber(memory) && Number(memory) > 0 && { gpuMemoryMb: Number(memory) }),
    uptimeSeconds: uptimeOf(block, ticks),
    folder: printable(folder) === folder ? folder : '',
    words: command.filter((word, at) => word !== '' || at < command.length - 1),
  };
}

function containerOf({ words, data }: Line, block: Block, hostName: string): Untracked {
  const [, runtime, id = '', pid = '', ticks = '', owner] = words;
  const isRuntime = runtime === 'docker' || runtime === 'podman';
  const isVisible = isNumber(ticks) && isNumber(pid) && Number(pid) > 1;
  if (!isRuntime || !/^[0-9a-f]{12,64}$/.test(id) || !(isVisible || (pid === '-' && ticks === '-'))) {
    throw unexpected(hostName);
  }
  const [name = '', image = '', ports = ''] = data.toString('utf8').split('\t').map(printable);
  const published = [...ports.matchAll(/:(\d{1,5})->/g)].map(([, port]) => Number(port));
  const service = knownService({ image });
  return {
    kind: 'container',
    name: name || id.slice(0, 12),
    runtime,
    ...(service && { service: service.name }),
    ...(image !== '' && { command: image }),
    ...(published.length > 0 && { ports: [...new Set(published)].slice(0, mostPorts) }),
    ...(isVisible && { pid: Number(pid), uptimeSeconds: uptimeOf(block, ticks) }),
    ...(isVisible && owner === 'own' && { identity: identityOf(block, pid, ticks) }),
  };
}

function sessionOf({ words, data }: Line, hostName: string): Untracked {
  const [, age = '', windows = '', attached = ''] = words;
  if (![windows, attached].every(isNumber) || !/^-?\d{1,12}$/.test(age)) {
    throw unexpected(hostName);
  }
  return {
    kind: 'tmux',
    name: printable(data.toString('utf8')),
    windows: Number(windows),
    ...(Number(attached) > 0 && { isAttached: true }),
    uptimeSeconds: Math.max(0, Number(age)),
  };
}

const isNumber = (word: string): boolean => /^\d{1,15}$/.test(word);

const identityOf = ({ machineId, bootId }: Block, pid: string, startTicks: string) => ({
  machineId,
  bootId,
  pid: Number(pid),
  startTicks,
});

const uptimeOf = ({ uptimeSeconds = 0 }: Block, ticks: string): number =>
  Math.max(0, Math.round(uptimeSeconds - Number(ticks) / ticksPerSecond));
