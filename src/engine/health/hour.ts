const keepSeconds = 3_600;
/** Between two points of one value; what is told more often takes no more room. */
const leastSeconds = 15;

interface Point {
  /** Monotonic. */
  atSeconds: number;
  value: number;
}

/** How values went during the last hour, by name. Never more than 243 points each. */
export type Hour = ReadonlyMap<string, readonly Point[]>;

/** Adds what was told now. What stands still has two points: since when, and until when. */
export function addToHour(
  kept: Hour,
  values: Readonly<Record<string, number | undefined>>,
  atSeconds: number,
): Hour {
  const after = new Map(kept);
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) {
      after.set(name, added(kept.get(name) ?? [], { atSeconds, value }));
    }
  }
  return after;
}

function added(points: readonly Point[], point: Point): readonly Point[] {
  const [before, last] = [points.at(-2), points.at(-1)];
  if (last && before?.value === point.value && last.value === point.value) {
    return [...points.slice(0, -1), point];
  }
  if (last && point.atSeconds - last.atSeconds < leastSeconds) {
    return points;
  }
  return [...within(points, point.atSeconds), point];
}

/** From an hour ago on; where a value stood still then, it stands from there on. */
function within(points: readonly Point[], nowSeconds: number): readonly Point[] {
  const fromSeconds = nowSeconds - keepSeconds;
  const at = points.findIndex(({ atSeconds }) => atSeconds >= fromSeconds);
  const [before, first] = [points[at - 1], points[at]];
  const recent = at < 0 ? [] : points.slice(at);
  return before && before.value === first?.value
    ? [{ atSeconds: fromSeconds, value: before.value }, ...recent]
    : recent;
}

/** By this machine's clock. @param nowMs its time now, @param nowSeconds the monotonic one */
export function pointsOf(
  hour: Hour,
  name: string,
  nowMs: number,
  nowSeconds: number,
): [atMs: number, value: number][] {
  return within(hour.get(name) ?? [], nowSeconds).map(({ atSeconds, value }) => [
    Math.round(nowMs - (nowSeconds - atSeconds) * 1000),
    value,
  ]);
}
