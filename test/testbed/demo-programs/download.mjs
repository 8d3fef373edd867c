// node download.mjs MEGABYTES SECONDS: fetches a file over HTTP from a server that takes its time.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, get } from 'node:http';
import { pause, report } from './progress.mjs';

const [megabytes, seconds] = process.argv.slice(2).map(Number);
const total = megabytes * 1024 * 1024;
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

const [response] = await once(get({ port: server.address().port }), 'response');
const file = createWriteStream('dataset.bin');
let done = 0;
for await (const part of response) {
  file.write(part);
  done += part.length;
  report({ size_done: done, size_total: total });
}
file.end();
server.close();
console.log(`dataset.bin: ${done} bytes`);
