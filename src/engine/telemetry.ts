import type { Operation } from '../operations/operation';
import { addSample, etaSeconds, rate, type Sample } from '../operations/rate';
import type { MetricSeries } from './operationsService';

const keepValues = 60;

interface Track {
  progress: readonly Sample[];
  bytes: readonly Sample[];
  metric?: MetricSeries;
}

/** Recent progress of each operation: what ETA, speed and sparkline are made from. In memory only. */
export class Telemetry {
  readonly #tracks = new Map<string, Track>();

  /** @param atSeconds monotonic */
  add({ id, progress }: Operation, atSeconds: number): void {
    if (!progress) {
      return;
    }
    const track = this.#tracks.get(id) ?? { progress: [], bytes: [] };
    if (progress.progress !== undefined) {
      track.progress = addSample(track.progress, { atSeconds, value: progress.progress });
    }
    if (progress.sizeDoneBytes !== undefined) {
      track.bytes = addSample(track.bytes, { atSeconds, value: progress.sizeDoneBytes });
    }
    const [name, value] = Object.entries(progress.metrics ?? {})[0] ?? [];
    if (name !== undefined && value !== undefined) {
      const values = track.metric?.name === name ? track.metric.values : [];
      if (values.at(-1) !== value) {
        track.metric = { name, values: [...values, value].slice(-keepValues) };
      }
    }
    this.#tracks.set(id, track);
  }

  series(id: string): MetricSeries | undefined {
    return this.#tracks.get(id)?.metric;
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
