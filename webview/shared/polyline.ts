/** Where the points of a sparkline lie. Pure. */

export const width = 100;
export const height = 24;
// Half of the stroke stays inside at the top and bottom.
const margin = 2;
const maxPoints = 120;

/** The values that a line shows: the last ones that are numbers. */
export const shownValues = (values: readonly number[]): number[] =>
  values.filter(Number.isFinite).slice(-maxPoints);

const round = (value: number) => Math.round(value * 100) / 100;

/** Points of an SVG polyline, or undefined where there is no line to draw. */
export function polylinePoints(values: readonly number[]): string | undefined {
  const shown = shownValues(values);
  if (shown.length < 2) {
    return undefined;
  }
  const low = Math.min(...shown);
  const range = Math.max(...shown) - low;
  const step = width / (shown.length - 1);
  return shown
    .map((value, index) => {
      const share = range > 0 ? (value - low) / range : 0.5;
      const y = height - margin - share * (height - 2 * margin);
      return `${round(index * step)},${round(y)}`;
    })
    .join(' ');
}
