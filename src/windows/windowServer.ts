import { createServer, type Server } from 'node:net';
import type { OperationsService } from '../engine/operationsService';
import { ClientSession } from './clientSession';
import { openLink, type Link } from './link';

const mostClients = 256;

export interface WindowServerOptions {
  token: string;
  version: string;
  /** A connection that has not said by then who it is, is closed. */
  helloMs: number;
}

/** Where the window that owns the engine, or is about to, meets the others. */
export class WindowServer {
  readonly #sessions = new Map<ClientSession, Link>();
  readonly #server: Server;
  #service: OperationsService | undefined;
  #connections = 0;

  private constructor(
    readonly path: string,
    private readonly options: WindowServerOptions,
  ) {
    this.#server = createServer((socket) => this.#accept(openLink(socket)));
    this.#server.maxConnections = mostClients;
  }

  static async listen(path: string, options: WindowServerOptions): Promise<WindowServer> {
    const server = new WindowServer(path, options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(path, resolve);
    });
    // One connection that could not be accepted is that window's problem: it tries again.
    server.#server.on('error', () => undefined);
    return server;
  }

  /** Begins to answer. Connections made before have been waiting. */
  serve(service: OperationsService): void {
    this.#service = service;
    for (const session of this.#sessions.keys()) {
      session.serve(service);
    }
  }

  /** Answers nothing any more. Clients learn that by the end of their connections, at `close`. */
  retire(): void {
    this.#service = undefined;
    for (const session of this.#sessions.keys()) {
      session.retire();
    }
  }

  /** Ends all connections and removes the socket. */
  async close(): Promise<void> {
    this.retire();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const link of this.#sessions.values()) {
      link.end();
    }
    await closed;
  }

  #accept(link: Link): void {
    this.#connections += 1;
    const { token, version, helloMs } = this.options;
    const session = new ClientSession(link, { name: `window ${this.#connections}`, token, version });
    this.#sessions.set(session, link);
    const impatience = setTimeout(() => session.isKnown || link.end(), helloMs);
    link.ended.addEventListener('abort', () => {
      clearTimeout(impatience);
      this.#sessions.delete(session);
    });
    if (this.#service) {
      session.serve(this.#service);
    }
  }
}
