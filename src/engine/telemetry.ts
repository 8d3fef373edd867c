import type { Operation } from '../operations/operation';
import { addSample, etaSeconds, rate, type Sample } from '../operations/rate';
import { addMetrics, type KeptSeries, preferredSeries } from './metricSeries';
import { addValues, asCourses, type KeptCourses, progressName } from './courses';
import type { Course, MetricSeries } from './operationsService';

interface Track {
  progress: readonly Sample[];
  bytes: readonly Sample[];
  metrics: ReadonlyMap<string, KeptSeries>;
  courses: KeptCourses;
}

const empty: Track = { progress: [], bytes: [], metrics: new Map(), courses: new Map() };

/** Recent progress of each operation: what ETA, speed and sparkline are made from. In memory only. */
export class Telemetry {
  readonly #tracks = new Map<string, Track>();

  /** @param atSeconds monotonic */
  add({ id, progress }: Operation, atSeconds: number): void {
    if (!progress) {
      // What it had was that of its upload.
      this.#tracks.delete(id);
      return;
    }
    const before = this.#tracks.get(id) ?? empty;
    this.#tracks.set(id, {
      progress: withValue(before.progress, progress.progress, atSeconds),
      bytes: withValue(before.bytes, progress.sizeDoneBytes, atSeconds),
      metrics: addMetrics(before.metrics, progress.metrics ?? {}, atSeconds),
      courses: addValues(
        before.courses,
        {
          ...(progress.progress !== undefined && { [progressName]: progress.progress }),
          ...progress.metrics,
        },
        atSeconds,
      ),
    });
  }

  /** The one that a sparkline shows. */
  series(id: string): MetricSeries | undefined {
    return preferredSeries(this.#tracks.get(id)?.metrics ?? empty.metrics);
  }

  /** @param nowMs this machine's clock, @param nowSeconds the monotonic one at the same time */
  courses(id: string, nowMs: number, nowSeconds: number): Course[] {
    return asCourses(this.#tracks.get(id)?.courses ?? empty.courses, nowMs, nowSeconds);
  }

  speedBytesPerSecond(id: string): number | undefined {
    const perSecond = rate(this.#tracks.get(id)?.bytes ?? []);
    return perSecond === undefined ? undefined : Math.round(perSecond);
  }

  /** @param nowSeconds monotonic */
  etaSeconds(id: string, nowSeconds: number): number | undefined {
    const seconds = etaSeconds(this.#tracks.get(id)?.progress ?? [], 1, nowSeconds);
    return seconds === undefined ? undefined : Math.round(seconds);
  }
}

const withValue = (samples: readonly Sample[], value: number | undefined, atSeconds: number) =>
  value === undefined ? samples : addSample(samples, { atSeconds, value });
