// node train.mjs EPOCHS SECONDS: fits a line by gradient descent, slowly, and reports each step.
import { pause, report } from './progress.mjs';

const [epochs, seconds] = process.argv.slice(2).map(Number);
const stepsPerEpoch = 5;
const samples = Array.from({ length: 200 }, (_, i) => [
  i / 200,
  3 * (i / 200) - 1 + 0.3 * (Math.random() - 0.5),
]);
let slope = 0;
let offset = 0;

function descend(rate) {
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

for (let step = 1; step <= epochs * stepsPerEpoch; step += 1) {
  await pause(seconds / (epochs * stepsPerEpoch));
  const loss = descend(0.1);
  const epoch = Math.ceil(step / stepsPerEpoch);
  report({
    progress: step / (epochs * stepsPerEpoch),
    epoch,
    total_epochs: epochs,
    metrics: { loss: Number(loss.toFixed(5)) },
  });
  if (step % stepsPerEpoch === 0) {
    console.log(`epoch ${epoch}/${epochs} loss ${loss.toFixed(5)}`);
  }
}
console.log(`y = ${slope.toFixed(2)} x + ${offset.toFixed(2)}`);
