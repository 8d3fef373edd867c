import type { Socket } from 'node:net';
import {
  createMessageConnection,
  type DataCallback,
  type Disposable,
  type MessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import { maxMessageBytes } from './protocol';

/** A connection between two windows. */
export interface Link {
  readonly rpc: MessageConnection;
  /** Aborted once the connection has ended, whoever ended it. */
  readonly ended: AbortSignal;
  end(): void;
}

/** Hands over messages, and ends the connection when one does not come to an end. */
class CappedReader extends SocketMessageReader {
  #unread = 0;

  constructor(private readonly socket: Socket) {
    super(socket);
    // Its timer for incomplete messages would run on for ever once the connection has ended.
    this.partialMessageTimeout = 0;
  }

  override listen(callback: DataCallback): Disposable {
    this.socket.on('data', ({ length }) => {
      this.#unread += length;
      if (this.#unread > maxMessageBytes) {
        this.socket.destroy();
      }
    });
    return super.listen((message) => {
      this.#unread = 0;
      callback(message);
    });
  }
}

/** Makes a link of a socket. Handlers are registered next, in the same tick; then `rpc.listen()`. */
export function openLink(socket: Socket): Link {
  const ended = new AbortController();
  const rpc = createMessageConnection(new CappedReader(socket), new SocketMessageWriter(socket));
  // "close" follows and says all that matters.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    ended.abort();
    rpc.dispose();
  });
  // A message that cannot be parsed: the rest of the stream means nothing.
  rpc.onError(() => socket.destroy());
  return { rpc, ended: ended.signal, end: () => socket.destroy() };
}

/** Resolves once one of the signals is aborted. */
export function aborted(...signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) {
        resolve();
      }
    }
  });
}
