// Lets tests in another process (the extension host) work the testbed: POST /NAME runs an action.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ControlServer {
  url: string;
  stop(): Promise<void>;
}

export async function startControlServer(
  actions: Record<string, () => void | Promise<void>>,
): Promise<ControlServer> {
  const server = createServer((request, response) => {
    const action = actions[(request.url ?? '').slice(1)];
    Promise.resolve(action?.()).then(
      () => response.writeHead(action ? 204 : 404).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Asks a control server, from whichever process, to run an action. */
export async function control(url: string, action: string): Promise<void> {
  const response = await fetch(`${url}/${action}`, { method: 'POST' });
  if (!response.ok) {
    throw new Error(`${action}: ${response.status} ${await response.text()}`);
  }
}
