/** What a GPU does. Fields that its driver does not tell (`N/A`, MIG, unified memory) are missing. Sizes MiB, 0 to 100, °C, W. */
export interface GpuHealth {
  index: number;
  uuid: string;
  name: string;
  percent?: number;
  memoryUsedMb?: number;
  memoryTotalMb?: number;
  temperatureC?: number;
  powerW?: number;
  powerLimitW?: number;
  /** It is divided: what runs on it is not told as a whole. */
  isDivided?: true;
}

/** What a host does, as it said itself. Sizes MiB, percentages 0 to 100 of the machine, rates in Mbit/s. */
export interface HostHealth {
  /** ISO 8601 in UTC, by this machine's clock: when the answer came. */
  sampledAt: string;
  cores: number;
  /** Over the last minute, in processes. */
  load: number;
  /** Missing in the first sample: it takes two. */
  cpuPercent?: number;
  memoryTotalMb: number;
  /** What can be had without swapping. */
  memoryFreeMb: number;
  /** Of the file system of the run directories. */
  diskTotalMb?: number;
  diskFreeMb?: number;
  receivedMbps?: number;
  sentMbps?: number;
  gpus: GpuHealth[];
  /** Why nothing is known of GPUs although the host has `nvidia-smi`. */
  gpuProblem?: string;
}
