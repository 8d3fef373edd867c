import type { Course } from './operationsService';

const mostPoints = 240;
const mostCourses = 9;

interface Point {
  /** Monotonic. */
  atSeconds: number;
  value: number;
}

/** How values went, by name, for as long as this engine has known them. */
export type KeptCourses = ReadonlyMap<string, readonly Point[]>;

/** Of the progress: no metric is called so, as names of metrics are not empty. */
export const progressName = '';

/** Adds what was told now. A value that did not move adds nothing. */
export function addValues(
  kept: KeptCourses,
  values: Readonly<Record<string, number>>,
  atSeconds: number,
): KeptCourses {
  const news = Object.entries(values).filter(([name, value]) => kept.get(name)?.at(-1)?.value !== value);
  if (news.length === 0) {
    return kept;
  }
  const after = new Map(kept);
  for (const [name, value] of news) {
    if (after.has(name) || after.size < mostCourses) {
      after.set(name, thinned([...(kept.get(name) ?? []), { atSeconds, value }]));
    }
  }
  return after;
}

/** What grows too long keeps its whole span and loses every second point between its ends. */
const thinned = (points: readonly Point[]): readonly Point[] =>
  points.length <= mostPoints
    ? points
    : points.filter((_, index) => index % 2 === 0 || index === points.length - 1);

/** Progress first. @param nowMs this machine's clock, @param nowSeconds the monotonic one at the same time */
export function asCourses(kept: KeptCourses, nowMs: number, nowSeconds: number): Course[] {
  return [...kept]
    .map(([name, points]): Course => ({
      ...(name !== progressName && { metric: name }),
      points: points.map(({ atSeconds, value }) => [
        Math.round(nowMs - (nowSeconds - atSeconds) * 1000),
        value,
      ]),
    }))
    .sort((a, b) => Number(a.metric !== undefined) - Number(b.metric !== undefined));
}
