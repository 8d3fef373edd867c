// What both training programs do: fit a line by gradient descent.
const samples = Array.from({ length: 200 }, (_, i) => [
  i / 200,
  3 * (i / 200) - 1 + 0.3 * (Math.random() - 0.5),
]);
let slope = 0;
let offset = 0;

/** One step. Returns the loss before it. */
export function descend(rate) {
  let loss = 0;
  let bySlope = 0;
  let byOffset = 0;
  for (const [x, y] of samples) {
    const error = slope * x + offset - y;
    loss += error ** 2 / samples.length;
    bySlope += (2 * error * x) / samples.length;
    byOffset += (2 * error) / samples.length;
  }
  slope -= rate * bySlope;
  offset -= rate * byOffset;
  return loss;
}

export const result = () => `y = ${slope.toFixed(2)} x + ${offset.toFixed(2)}`;
