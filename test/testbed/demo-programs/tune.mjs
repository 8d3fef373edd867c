// node tune.mjs EPOCHS SECONDS: the same as train.mjs by a program that knows nothing of us. It draws a bar for
// each epoch into its log, as tqdm does.
import { descend, result } from './descent.mjs';
import { pause } from './progress.mjs';

const [epochs, seconds] = process.argv.slice(2).map(Number);
const stepsPerEpoch = 20;
const started = Date.now();

for (let epoch = 1; epoch <= epochs; epoch += 1) {
  for (let step = 1; step <= stepsPerEpoch; step += 1) {
    await pause(seconds / (epochs * stepsPerEpoch));
    const loss = descend(0.1).toFixed(4);
    const percent = String((step * 100) / stepsPerEpoch).padStart(3);
    const bar = '█'.repeat(step / 2).padEnd(10);
    const elapsed = String(Math.round((Date.now() - started) / 1000)).padStart(2, '0');
    process.stdout.write(
      `\rEpoch ${epoch}/${epochs}: ${percent}%|${bar}| ${step}/${stepsPerEpoch} [00:${elapsed}, loss=${loss}]`,
    );
  }
  process.stdout.write('\n');
}
console.log(result());
