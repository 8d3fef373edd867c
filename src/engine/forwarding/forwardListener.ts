import { createServer, type Server, type Socket } from 'node:net';
import type { ForwardedConnection } from '../../hosts/machine';
import { errorMessage } from '../../operations/errors';

/** Somebody else listens on the port, or it may not be used. */
export class PortTaken extends Error {}

const connectMs = 30_000;

/** A port of this computer, for programs of this computer only, whose connections are made anew somewhere else. */
export class ForwardListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #disposal = new AbortController();

  constructor(
    private readonly open: (signal: AbortSignal) => Promise<ForwardedConnection>,
    private readonly onProblem: (problem: string) => void,
  ) {
    // Nothing is read before there is somewhere to write it.
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
      void this.#serve(socket);
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** @param port 0: any that is free. @throws PortTaken */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new PortTaken(error.message) : error);
      this.#server.once('error', onError);
      this.#server.listen({ host: '127.0.0.1', port }, () => {
        this.#server.off('error', onError).on('error', (error) => this.onProblem(error.message));
        resolve();
      });
    });
  }

  dispose(): void {
    this.#disposal.abort();
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    const gone = new AbortController();
    socket
      .on('error', () => undefined)
      .on('close', () => {
        this.#sockets.delete(socket);
        gone.abort();
      });
    const limits = [gone.signal, this.#disposal.signal, AbortSignal.timeout(connectMs)];
    try {
      join(socket, await this.open(AbortSignal.any(limits)));
    } catch (error) {
      this.onProblem(errorMessage(error));
      socket.resetAndDestroy();
    }
  }
}

/** Each end may close its half; what is lost on one side ends as lost, and not as complete, on the other. */
function join(socket: Socket, connection: ForwardedConnection): void {
  const { stream } = connection;
  stream.on('error', () => undefined);
  if (socket.destroyed) {
    stream.destroy();
    return;
  }
  stream.on('end', () => {
    if (connection.isLost) {
      socket.resetAndDestroy();
    } else {
      socket.end();
    }
  });
  stream.on('close', () => socket.destroySoon());
  socket.on('close', () => stream.destroy());
  socket.pipe(stream).pipe(socket, { end: false });
}
