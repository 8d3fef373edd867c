// node download.mjs MEGABYTES SECONDS: fetches a file over HTTP from a server that takes its time. It reports
// nothing: its log, written as wget writes it, tells how far it is.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, get } from 'node:http';
import { pause } from './progress.mjs';

const [megabytes, seconds] = process.argv.slice(2).map(Number);
const mebibyte = 1024 * 1024;
const total = megabytes * mebibyte;
const chunk = Buffer.alloc(Math.ceil(total / (seconds * 10)));

const server = createServer(async (_request, response) => {
  response.writeHead(200, { 'content-length': total });
  for (let sent = 0; sent < total; sent += chunk.length) {
    response.write(chunk.subarray(0, Math.min(chunk.length, total - sent)));
    await pause(0.05 + Math.random() / 10);
  }
  response.end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const { port } = server.address();
const [response] = await once(get({ port }), 'response');
console.log(`--${new Date().toISOString()}--  http://127.0.0.1:${port}/dataset.bin`);
console.log(`Length: ${total} (${megabytes}M)\nSaving to: 'dataset.bin'\n`);
const file = createWriteStream('dataset.bin');
const started = Date.now();
let done = 0;
let drawn = 0;

function draw() {
  const percent = Math.floor((done * 100) / total);
  const bar = `${'='.repeat(Math.max(0, percent / 5 - 1))}>`.padEnd(20);
  const speed = Math.round(done / 1024 / Math.max(0.1, (Date.now() - started) / 1000));
  process.stdout.write(
    `\rdataset.bin ${String(percent).padStart(8)}%[${bar}] ${(done / mebibyte).toFixed(2).padStart(7)}M   ${speed}KB/s    `,
  );
  drawn = Date.now();
}

for await (const part of response) {
  file.write(part);
  done += part.length;
  if (Date.now() - drawn > 200 || done === total) {
    draw();
  }
}
file.end();
server.close();
console.log(`\n\ndataset.bin saved [${done}/${total}]`);
