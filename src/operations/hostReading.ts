import type { GpuHealth } from './hostHealth';

/**
 * What a host said of itself at one moment, in counters as its kernel keeps them. Two of them make rates
 * (hostRates.ts), over the host's own uptime: clocks of two machines are never subtracted.
 */
export interface HostReading {
  bootId: string;
  /** Of the host, when it was taken. */
  uptimeSeconds: number;
  cores: number;
  load: number;
  /** Of all processors since boot, and those of them in which nothing ran. */
  ticks: number;
  idleTicks: number;
  memoryTotalKb: number;
  memoryFreeKb: number;
  receivedBytes?: number;
  sentBytes?: number;
  disk?: { totalKb: number; freeKb: number };
  /** By operation, of those that it was asked about. */
  uses: ReadonlyMap<string, ProcessUse>;
  /** Missing where connections are not to be seen. */
  connections?: Connections;
  /** Missing where there is no `nvidia-smi`. */
  gpus?: GpuReading;
}

/** Of all processes of an operation. */
export interface ProcessUse {
  /** Processor time in hundredths of a second, that of ended children too. */
  ticks: number;
  /** Missing where the host does not tell the size of a page. Memory that processes share counts for each. */
  memoryKb?: number;
}

/** TCP connections of operations. */
export interface Connections {
  /** Of the host, when they were listed. */
  uptimeSeconds: number;
  /** There are more than are told: nothing can be said of any operation's. */
  isCut: boolean;
  /** By operation: the bytes that each connection, by its inode, has brought and taken. */
  bytes: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** What `nvidia-smi` told last. */
export interface GpuReading {
  /** `hung`: it did not answer in time. `waiting`: it has never answered. */
  state: 'ok' | 'failed' | 'hung' | 'waiting';
  /** Of the host, when that was. */
  uptimeSeconds?: number;
  /** Of the host: since when somebody waits for the next answer; missing where nobody does. */
  askedSeconds?: number;
  gpus: readonly GpuHealth[];
  processes: readonly GpuProcess[];
  /** In its own words. */
  problem?: string;
}

export interface GpuProcess {
  gpuUuid: string;
  /** Missing: of none that the host was asked about. */
  operationId?: string;
  memoryMb?: number;
}
