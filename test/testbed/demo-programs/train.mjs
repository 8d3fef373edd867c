// node train.mjs EPOCHS SECONDS: fits a line by gradient descent, slowly, and reports each step.
import { descend, result } from './descent.mjs';
import { pause, report } from './progress.mjs';

const [epochs, seconds] = process.argv.slice(2).map(Number);
const stepsPerEpoch = 5;

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
console.log(result());
