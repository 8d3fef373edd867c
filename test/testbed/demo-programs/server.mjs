// node server.mjs PORT: a small web server.
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
const started = Date.now();
let visits = 0;

const server = createServer((request, response) => {
  visits += 1;
  console.log(`${new Date().toISOString()} ${request.method} ${request.url}`);
  const seconds = Math.round((Date.now() - started) / 1000);
  response.end(`Hello from the demo host. Up for ${seconds} s, visit ${visits}.\n`);
});
server.listen(port, '127.0.0.1', () => console.log(`Listening on http://127.0.0.1:${port}`));
