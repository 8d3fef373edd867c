/** Progress of an operation, as its program reported it. All parts are optional. */
export interface Progress {
  /** 0 to 1. */
  progress?: number;
  message?: string;
  epoch?: number;
  totalEpochs?: number;
  metrics?: Record<string, number>;
  sizeDoneBytes?: number;
  sizeTotalBytes?: number;
}

const maxMetrics = 32;
const maxText = 200;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const finite = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

const nonNegative = (value: unknown): number | undefined => {
  const number = finite(value);
  return number !== undefined && number >= 0 ? number : undefined;
};

/**
 * Reads the text of a run directory's `progress.json`. The remote program wrote it, perhaps only half
 * of it so far: anything that is not well-formed is left out, and `undefined` means nothing usable.
 */
export function parseProgress(text: string): Progress | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json)) {
    return undefined;
  }
  const epoch = nonNegative(json['epoch']);
  const totalEpochs = nonNegative(json['total_epochs']);
  const sizeDoneBytes = nonNegative(json['size_done']);
  const sizeTotalBytes = nonNegative(json['size_total']);
  const progress = fraction(finite(json['progress']), sizeDoneBytes, sizeTotalBytes, epoch, totalEpochs);
  const message = typeof json['message'] === 'string' ? json['message'].slice(0, maxText) : undefined;
  const metrics = isRecord(json['metrics']) ? readMetrics(json['metrics']) : undefined;
  return {
    ...(progress !== undefined && { progress }),
    ...(message !== undefined && { message }),
    ...(epoch !== undefined && { epoch }),
    ...(totalEpochs !== undefined && { totalEpochs }),
    ...(metrics !== undefined && { metrics }),
    ...(sizeDoneBytes !== undefined && { sizeDoneBytes }),
    ...(sizeTotalBytes !== undefined && { sizeTotalBytes }),
  };
}

/** What the program says; else the share of bytes; else of epochs. */
export function fraction(
  stated: number | undefined,
  done: number | undefined,
  total: number | undefined,
  epoch: number | undefined,
  epochs: number | undefined,
): number | undefined {
  const share = (part: number | undefined, whole: number | undefined) =>
    part !== undefined && whole !== undefined && whole > 0 ? part / whole : undefined;
  const value = stated ?? share(done, total) ?? share(epoch, epochs);
  return value === undefined ? undefined : Math.min(1, Math.max(0, value));
}

function readMetrics(json: Record<string, unknown>): Record<string, number> | undefined {
  const entries = Object.entries(json)
    .map(([name, value]) => [name.slice(0, maxText), finite(value)] as const)
    .filter((entry): entry is [string, number] => entry[1] !== undefined)
    .slice(0, maxMetrics);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
