/** Where the points of a chart over time lie, in a box of 100 by 40. Pure. */
import { resourceWords } from '../../src/operations/resourceWords';
import type { Chart } from '../../src/views/detail/protocol';

export const width = 100;
export const height = 40;
// Half of the stroke stays inside at the top and bottom.
const margin = 1;

export interface ChartLine {
  /** Of an SVG polyline. */
  points: string;
  low: number;
  high: number;
  /** What the line is drawn on. */
  bottom: number;
  top: number;
  first: number;
  last: number;
  fromMs: number;
  untilMs: number;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Undefined where there is no line to draw. */
export function chartLine(chart: Chart): ChartLine | undefined {
  const { points } = chart;
  const shown = points.filter(([atMs, value]) => Number.isFinite(atMs) && Number.isFinite(value));
  const [begin, end] = [shown[0], shown.at(-1)];
  if (shown.length < 2 || !begin || !end || end[0] <= begin[0]) {
    return undefined;
  }
  const values = shown.map(([, value]) => value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const [bottom, top] = scaleOf(chart, low, high);
  const place = ([atMs, value]: [number, number]): string => {
    const x = ((atMs - begin[0]) / (end[0] - begin[0])) * width;
    const share = top > bottom ? Math.min(1, Math.max(0, (value - bottom) / (top - bottom))) : 0.5;
    return `${round(x)},${round(height - margin - share * (height - 2 * margin))}`;
  };
  return {
    points: shown.map(place).join(' '),
    low,
    high,
    bottom,
    top,
    first: begin[1],
    last: end[1],
    fromMs: begin[0],
    untilMs: end[0],
  };
}

/** A metric is drawn between its extremes, a share on its whole scale, an amount from nothing on. */
function scaleOf({ metric, resource }: Chart, low: number, high: number): [bottom: number, top: number] {
  if (metric !== undefined) {
    return [low, high];
  }
  if (resource === undefined) {
    return [0, 1];
  }
  return [0, resourceWords[resource].isShare ? 100 : high];
}
