// node report.mjs LINES SECONDS: a script that goes through a list and prints a line each.
import { pause, report } from './progress.mjs';

const [lines, seconds] = process.argv.slice(2).map(Number);
for (let line = 1; line <= lines; line += 1) {
  console.log(`${new Date().toISOString()} table_${String(line).padStart(3, '0')}: ok`);
  report({ progress: line / lines, message: `table ${line} of ${lines}` });
  await pause(seconds / lines);
}
