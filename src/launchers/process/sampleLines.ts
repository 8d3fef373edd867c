import { printable } from '../../hosts/destination';
import type { GpuHealth } from '../../operations/hostHealth';
import type { GpuProcess, GpuReading, HostReading, ProcessUse } from '../../operations/hostReading';
import type { Block } from '../frame';

/** More than any machine has. */
const mostNumber = 1e18;
const mostCores = 65_536;
const mostGpus = 64;
const mostGpuProcesses = 512;
const longestName = 80;
const longestProblem = 300;

interface Draft {
  reading: Omit<HostReading, 'connections' | 'gpus'> & Pick<HostReading, 'disk'>;
  uses: Map<string, ProcessUse>;
  sockets?: { uptimeSeconds: number; isCut: boolean };
  bytes: Map<string, Map<string, number>>;
  gpus?: GpuReading & { gpus: GpuHealth[]; processes: GpuProcess[] };
}

/** Whether a line of an answer is one of sample.sh. */
export const isSample = ([tag]: readonly string[]): boolean => tag === 'sample';

/**
 * The readings in an answer (sample.sh), oldest first. What is not as it should be is left out, and a reading whose
 * host line is not, as a whole: nothing else hangs on it.
 * @param ids of the operations asked about, in the order of the request
 */
export function readSamples({ lines, bootId }: Block, ids: readonly string[]): HostReading[] {
  const drafts: Draft[] = [];
  const idAt = (index = ''): string | undefined =>
    /^[1-9]\d{0,5}$/.test(index) ? ids[Number(index) - 1] : undefined;
  for (const { words } of lines) {
    if (!isSample(words)) {
      continue;
    }
    const [, kind = '', ...rest] = words;
    if (kind === 'host') {
      drafts.push(...hostOf(rest, bootId));
      continue;
    }
    const draft = drafts.at(-1);
    if (draft) {
      readLine(draft, kind, rest, idAt);
    }
  }
  return drafts.map(finished);
}

/** One of all that was told in one look, part by part. */
export function mergedReading(readings: readonly HostReading[]): HostReading | undefined {
  const [first, ...others] = readings;
  if (!first || others.length === 0) {
    return first;
  }
  const listed = readings.flatMap(({ connections }) => connections ?? []);
  return {
    ...first,
    uses: new Map(readings.flatMap(({ uses }) => [...uses])),
    ...(listed[0] && {
      connections: {
        uptimeSeconds: listed[0].uptimeSeconds,
        isCut: listed.some(({ isCut }) => isCut),
        bytes: new Map(listed.flatMap(({ bytes }) => [...bytes])),
      },
    }),
  };
}

function hostOf(words: readonly string[], bootId: string): Draft[] {
  const [uptimeSeconds, cores, load, ticks, idleTicks, memoryTotalKb, memoryFreeKb] = words.map(numberIn);
  const [receivedBytes, sentBytes] = words.slice(7).map(numberIn);
  if (
    uptimeSeconds === undefined ||
    cores === undefined ||
    cores < 1 ||
    cores > mostCores ||
    load === undefined ||
    ticks === undefined ||
    idleTicks === undefined ||
    memoryTotalKb === undefined ||
    memoryFreeKb === undefined
  ) {
    return [];
  }
  const uses = new Map<string, ProcessUse>();
  const told = { bootId, uptimeSeconds, cores, load, ticks, idleTicks, memoryTotalKb, memoryFreeKb, uses };
  return [
    {
      reading: {
        ...told,
        ...(receivedBytes !== undefined && { receivedBytes }),
        ...(sentBytes !== undefined && { sentBytes }),
      },
      uses,
      bytes: new Map(),
    },
  ];
}

function readLine(
  draft: Draft,
  kind: string,
  rest: readonly string[],
  idAt: (index?: string) => string | undefined,
): void {
  const [first, second] = rest.map(numberIn);
  switch (kind) {
    case 'disk':
      if (first !== undefined && second !== undefined) {
        draft.reading.disk = { totalKb: first, freeKb: second };
      }
      return;
    case 'use': {
      const id = idAt(rest[0]);
      const memoryKb = numberIn(rest[2] ?? '');
      if (id !== undefined && second !== undefined) {
        draft.uses.set(id, { ticks: second, ...(memoryKb !== undefined && { memoryKb }) });
      }
      return;
    }
    case 'sockets':
      if (first !== undefined) {
        draft.sockets = {
          uptimeSeconds: first,
          isCut: rest[1] !== 'ok' || draft.sockets?.isCut === true,
        };
      }
      return;
    case 'socket': {
      const [id, inode = '', bytes] = [idAt(rest[0]), rest[1], numberIn(rest[2] ?? '')];
      if (id !== undefined && bytes !== undefined && /^\d{1,20}$/.test(inode)) {
        draft.bytes.set(id, (draft.bytes.get(id) ?? new Map<string, number>()).set(inode, bytes));
      }
      return;
    }
    case 'gpus':
      draft.gpus = { ...gpuState(rest), gpus: [], processes: [] };
      return;
    case 'gpu': {
      const gpu = gpuOf(rest.join(' '));
      if (gpu && draft.gpus && draft.gpus.gpus.length < mostGpus) {
        draft.gpus.gpus.push(gpu);
      }
      return;
    }
    case 'app': {
      const process = gpuProcessOf(rest.slice(1).join(' '), idAt(rest[0]));
      if (process && draft.gpus && draft.gpus.processes.length < mostGpuProcesses) {
        draft.gpus.processes.push(process);
      }
      return;
    }
    case 'problem':
      if (draft.gpus) {
        const words = [draft.gpus.problem, printable(rest.join(' ')).trim()].filter(Boolean).join(' ');
        draft.gpus.problem = words.slice(0, longestProblem);
      }
      return;
  }
}

function finished({ reading, sockets, bytes, gpus }: Draft): HostReading {
  return {
    ...reading,
    ...(sockets && { connections: { ...sockets, bytes } }),
    ...(gpus && { gpus }),
  };
}

/** A plain number, as counters are; missing for anything else: "-", "[N/A]", "[Not Supported]", "[Unknown Error]". */
function numberIn(text: string): number | undefined {
  const value = /^\d{1,19}(\.\d{1,9})?$/.test(text) ? Number(text) : NaN;
  return value <= mostNumber ? value : undefined;
}

function gpuState([uptime = '', state, asked = '']: readonly string[]): Omit<
  GpuReading,
  'gpus' | 'processes'
> {
  const [uptimeSeconds, askedSeconds] = [numberIn(uptime), numberIn(asked)];
  const known = state === 'ok' || state === 'hung' || state === 'waiting' ? state : 'failed';
  return {
    state: known,
    ...(uptimeSeconds !== undefined && { uptimeSeconds }),
    ...(askedSeconds !== undefined && { askedSeconds }),
  };
}

const fieldsOf = (csv: string): string[] => csv.split(',').map((field) => field.trim());
/** GPU-8f..., MIG-8f... or, by old drivers, MIG-GPU-8f.../1/0. */
const uuidForm = /^(GPU|MIG)-[\w/-]{1,100}$/;

/** A line of `nvidia-smi --query-gpu`, in the order of slow.sh. Warnings stand between such lines. */
function gpuOf(csv: string): GpuHealth | undefined {
  const fields = fieldsOf(csv);
  // The last is not told by old drivers.
  const [index = '', uuid = '', name = '', ...told] = fields;
  if (fields.length < 9 || !/^\d{1,3}$/.test(index) || !uuidForm.test(uuid)) {
    return undefined;
  }
  const [busy, memoryUsedMb, memoryTotalMb, temperatureC, powerW, powerLimitW] = told.map(numberIn);
  const percent = busy !== undefined && busy <= 100 ? busy : undefined;
  return {
    index: Number(index),
    uuid,
    name: printable(name).slice(0, longestName),
    ...(percent !== undefined && { percent }),
    ...(memoryUsedMb !== undefined && { memoryUsedMb }),
    ...(memoryTotalMb !== undefined && { memoryTotalMb }),
    ...(temperatureC !== undefined && { temperatureC }),
    ...(powerW !== undefined && { powerW }),
    ...(powerLimitW !== undefined && { powerLimitW }),
    ...(told[6] === 'Enabled' && { isDivided: true }),
  };
}

function gpuProcessOf(csv: string, operationId: string | undefined): GpuProcess | undefined {
  const [gpuUuid = '', pid = '', memory = ''] = fieldsOf(csv);
  const memoryMb = numberIn(memory);
  return uuidForm.test(gpuUuid) && /^\d{1,10}$/.test(pid)
    ? {
        gpuUuid,
        ...(operationId !== undefined && { operationId }),
        ...(memoryMb !== undefined && { memoryMb }),
      }
    : undefined;
}
