// What both training programs do: fit a line by gradient descent, to so many points that it is some work.
const size = 4_000_000;
const values = new Float64Array(size);
for (let at = 0; at < size; at += 1) {
  values[at] = 3 * (at / size) - 1 + 0.3 * (Math.random() - 0.5);
}
let slope = 0;
let offset = 0;

/** One step. Returns the loss before it. */
export function descend(rate) {
  let loss = 0;
  let bySlope = 0;
  let byOffset = 0;
  for (let at = 0; at < size; at += 1) {
    const x = at / size;
    const error = slope * x + offset - values[at];
    loss += error ** 2 / size;
    bySlope += (2 * error * x) / size;
    byOffset += (2 * error) / size;
  }
  slope -= rate * bySlope;
  offset -= rate * byOffset;
  return loss;
}

export const result = () => `y = ${slope.toFixed(2)} x + ${offset.toFixed(2)}`;
