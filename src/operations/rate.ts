/** A measured amount at a monotonic time, in seconds. */
export interface Sample {
  atSeconds: number;
  value: number;
}

const keep = 40;
const minSamples = 4;
const minSpanSeconds = 5;

/** Appends a sample if the value moved. One that falls (a restart, a second phase) begins a new series. */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last && sample.value < last.value) {
    return [sample];
  }
  if (last && (sample.value === last.value || sample.atSeconds <= last.atSeconds)) {
    return samples;
  }
  return [...samples, sample].slice(-keep);
}

/**
 * Amount per second as the median of the slopes between all pairs of samples (Theil-Sen estimator), which
 * a burst or a pause cannot pull far. `undefined` while there is too little to tell.
 */
export function rate(samples: readonly Sample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || samples.length < minSamples || last.atSeconds - first.atSeconds < minSpanSeconds) {
    return undefined;
  }
  const slopes: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) {
      const a = samples[i] as Sample;
      const b = samples[j] as Sample;
      slopes.push((b.value - a.value) / (b.atSeconds - a.atSeconds));
    }
  }
  slopes.sort((a, b) => a - b);
  const median = slopes[Math.floor(slopes.length / 2)] as number;
  return median > 0 ? median : undefined;
}

/**
 * Seconds until `samples` reach `target` at their rate; `undefined` while it would be a guess: too few of
 * them, or none for much longer than they usually took.
 */
export function etaSeconds(
  samples: readonly Sample[],
  target: number,
  nowSeconds: number,
): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  const perSecond = rate(samples);
  if (!first || !last || perSecond === undefined || last.value >= target) {
    return undefined;
  }
  const usualGap = (last.atSeconds - first.atSeconds) / (samples.length - 1);
  const silence = nowSeconds - last.atSeconds;
  if (silence > 3 * usualGap + 10) {
    return undefined;
  }
  return Math.max(0, (target - last.value) / perSecond - silence);
}
