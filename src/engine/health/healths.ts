import { type Disposable, Emitter } from '../../emitter';
import type { HostHealth } from '../../operations/hostHealth';
import type { HostReading } from '../../operations/hostReading';
import { healthOf, resourcesOf } from '../../operations/hostRates';
import { type JobUse, resourcesOfJob } from '../../operations/jobUse';
import type { Resources } from '../../operations/operationView';
import type { Clock } from '../clock';
import { type EngineSettings, isoNow } from '../context';
import type { Course } from '../operationsService';
import { addToHour, type Hour, pointsOf } from './hour';

/** Beyond the time until the next look: what is older stands for nothing. */
const graceMs = 10_000;
/** Rates over longer would not tell what is. */
const rateMs = 60_000;
/** How often a scheduler is asked what its jobs use. */
const jobsMs = 60_000;
const hourMs = 3_600_000;
const mostReadings = 40;

interface Kept {
  /** Monotonic. */
  takenMs: number;
  /** What was told then may stand for so long. */
  keepMs: number;
  /** It has stood for too long, and views were told. */
  isOver?: true;
  hour: Hour;
}

interface KeptHost extends Kept {
  /** Newest first, each with the monotonic time at which it came. */
  readings: readonly { reading: HostReading; takenMs: number }[];
  health: HostHealth;
}

interface KeptOperation extends Kept {
  resources: Resources;
}

/** The last count of a job that runs elsewhere. */
interface KeptJob {
  takenMs: number;
  use: JobUse;
}

/** A host whose health changed, and the operations there whose resources did. */
export interface HealthChange {
  hostId: string;
  ids: readonly string[];
}

/**
 * What hosts do and what operations use, as was told last, with the last hour of it. In memory only, and told by looks
 * that somebody watches: once they stop, it is soon no longer known.
 */
export class Healths implements Disposable {
  readonly #hosts = new Map<string, KeptHost>();
  readonly #operations = new Map<string, KeptOperation & { hostId: string }>();
  readonly #jobs = new Map<string, KeptJob>();
  readonly #changed = new Emitter<HealthChange>();
  #timer: Disposable | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly clock: Clock,
    /** Between two looks that are watched, and between two questions of a scheduler. */
    private readonly paces: () => Pick<EngineSettings, 'visibleSeconds' | 'schedulerSeconds'>,
  ) {}

  /** @param everyMs until it is looked at again */
  take(hostId: string, reading: HostReading, everyMs = this.paces().visibleSeconds * 1000): void {
    const takenMs = this.clock.monotonicMs();
    const kept = this.#hosts.get(hostId);
    const recent = kept?.readings.filter((each) => takenMs - each.takenMs <= rateMs) ?? [];
    const earlier = recent.map((each) => each.reading);
    const health = healthOf(reading, earlier, isoNow(this.clock), everyMs / 1000);
    const keepMs = everyMs + graceMs;
    this.#hosts.set(hostId, {
      health,
      readings: [{ reading, takenMs }, ...recent].slice(0, mostReadings),
      ...{ takenMs, keepMs },
      hour: addToHour(kept?.hour ?? new Map(), hostValues(health), takenMs / 1000),
    });
    const ids = [...reading.uses.keys()].filter((id) => {
      const resources = resourcesOf(id, reading, earlier, everyMs / 1000);
      return resources && this.#note(hostId, id, resources, keepMs);
    });
    this.#changed.fire({ hostId, ids });
    this.#arm();
  }

  /** What jobs have used that run on other machines: of one that the host sees itself, it tells more. */
  takeJobs(hostId: string, uses: ReadonlyMap<string, JobUse>): void {
    const takenMs = this.clock.monotonicMs();
    // The next question may come too soon after this one, and the one after it just too late.
    const keepMs = jobsMs + 2 * this.paces().schedulerSeconds * 1000 + graceMs;
    const [seen] = this.#hosts.get(hostId)?.readings ?? [];
    const ids = [...uses].flatMap(([id, use]) => {
      const before = this.#jobs.get(id);
      this.#jobs.set(id, { use, takenMs });
      // This machine's clock stands still while it sleeps.
      const apartMs = (use.elapsedSeconds - (before?.use.elapsedSeconds ?? 0)) * 1000;
      const isRecent = before !== undefined && Math.max(apartMs, takenMs - before.takenMs) <= keepMs;
      const resources = isRecent && !seen?.reading.uses.has(id) && resourcesOfJob(use, before.use);
      return resources && this.#note(hostId, id, resources, keepMs) ? [id] : [];
    });
    this.#changed.fire({ hostId, ids });
    this.#arm();
  }

  /** `undefined` once it is too old to stand for what is. */
  health(hostId: string): HostHealth | undefined {
    const kept = this.#hosts.get(hostId);
    return kept && this.#isCurrent(kept) ? kept.health : undefined;
  }

  resources(id: string): Resources | undefined {
    const kept = this.#operations.get(id);
    return kept && this.#isCurrent(kept) ? kept.resources : undefined;
  }

  /** Whether one more reading makes rates, unless this machine has slept since. */
  hasRecent(hostId: string): boolean {
    const last = this.#hosts.get(hostId);
    return last !== undefined && this.clock.monotonicMs() - last.takenMs < rateMs;
  }

  hostCourses(hostId: string): Course[] {
    const hour: Hour = this.#hosts.get(hostId)?.hour ?? new Map();
    return [...hour.keys()].map((name) => {
      const [resource = '', gpu] = name.split(' ');
      const what = { resource: resource as keyof Resources, ...(gpu !== undefined && { gpu: Number(gpu) }) };
      return { ...what, points: this.#points(hour, name) };
    });
  }

  courses(id: string): Course[] {
    const hour: Hour = this.#operations.get(id)?.hour ?? new Map();
    return [...hour.keys()].map((name) => ({
      resource: name as keyof Resources,
      points: this.#points(hour, name),
    }));
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #points(hour: Hour, name: string): Course['points'] {
    return pointsOf(hour, name, this.clock.now(), this.clock.monotonicMs() / 1000);
  }

  /** Whether it is another one than before. */
  #note(hostId: string, id: string, resources: Resources, keepMs: number): boolean {
    const takenMs = this.clock.monotonicMs();
    const kept = this.#operations.get(id);
    const isSame = kept && this.#isCurrent(kept) && isEqual(kept.resources, resources);
    const hour = addToHour(kept?.hour ?? new Map(), { ...resources }, takenMs / 1000);
    this.#operations.set(id, { hostId, resources, takenMs, keepMs, hour });
    return !isSame;
  }

  #isCurrent({ takenMs, keepMs }: Kept): boolean {
    return this.clock.monotonicMs() - takenMs < keepMs;
  }

  /** For the first that will be too old. */
  #arm(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const standing = [...this.#hosts.values(), ...this.#operations.values()].filter(({ isOver }) => !isOver);
    if (standing.length > 0) {
      const endsMs = standing.reduce((least, each) => Math.min(least, each.takenMs + each.keepMs), Infinity);
      const delayMs = Math.max(0, endsMs - this.clock.monotonicMs());
      this.#timer = this.clock.after(delayMs, () => this.#expire());
    }
  }

  /** Tells views of what stands no longer, and forgets what nobody has looked at for an hour. */
  #expire(): void {
    const over = new Map<string, string[]>();
    const nowMs = this.clock.monotonicMs();
    for (const [id, kept] of [...this.#operations]) {
      if (!kept.isOver && !this.#isCurrent(kept)) {
        kept.isOver = true;
        over.set(kept.hostId, [...(over.get(kept.hostId) ?? []), id]);
      }
      if (nowMs - kept.takenMs > hourMs) {
        this.#operations.delete(id);
      }
    }
    for (const [hostId, kept] of [...this.#hosts]) {
      if (!kept.isOver && !this.#isCurrent(kept)) {
        kept.isOver = true;
        over.set(hostId, over.get(hostId) ?? []);
      }
      if (nowMs - kept.takenMs > hourMs) {
        this.#hosts.delete(hostId);
      }
    }
    for (const [id, { takenMs }] of [...this.#jobs]) {
      if (nowMs - takenMs > hourMs) {
        this.#jobs.delete(id);
      }
    }
    over.forEach((ids, hostId) => this.#changed.fire({ hostId, ids }));
    this.#arm();
  }
}

function hostValues({
  cpuPercent,
  memoryTotalMb,
  memoryFreeMb,
  gpus,
}: HostHealth): Record<string, number | undefined> {
  return {
    cpuPercent,
    memoryMb: memoryTotalMb - memoryFreeMb,
    ...Object.fromEntries(
      gpus.flatMap(({ index, percent, memoryUsedMb }) => [
        [`gpuPercent ${index}`, percent],
        [`gpuMemoryMb ${index}`, memoryUsedMb],
      ]),
    ),
  };
}

const isEqual = (a: Resources, b: Resources): boolean =>
  a.cpuPercent === b.cpuPercent &&
  a.memoryMb === b.memoryMb &&
  a.gpuPercent === b.gpuPercent &&
  a.gpuMemoryMb === b.gpuMemoryMb &&
  a.networkMbps === b.networkMbps;
