// node fail.mjs SECONDS EXIT_CODE: a script that comes to grief.
import { pause } from './progress.mjs';

const [seconds, exitCode] = process.argv.slice(2).map(Number);
console.log('Checking 4,000 rows');
await pause(seconds);
console.error('row 2718: column "price" is not a number: "n/a"');
process.exitCode = exitCode;
