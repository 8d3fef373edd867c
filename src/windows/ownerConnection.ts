import { connect, type Socket } from 'node:net';
import { ParameterStructures } from 'vscode-jsonrpc/node';
import * as v from 'valibot';
import type { Asker } from '../hosts/questions';
import type { Claim } from './claims';
import { type Link, openLink } from './link';
import { hello, type Hello, protocolVersion } from './protocol';
import { RemoteService } from './remoteService';

export interface Patience {
  /** How long an owner may take to answer the greeting. */
  helloMs: number;
  /** How often a client asks whether the owner lives, and how often in vain before it takes over. */
  heartbeatMs: number;
  heartbeatsMissed: number;
}

/** A client's connection to the window that owns the engine. */
export interface OwnerConnection {
  readonly service: RemoteService;
  /** False when the owner is another version of this extension. */
  readonly accepted: boolean;
  readonly version: string;
  readonly ended: AbortSignal;
  /** Whether it ended because the owner did not answer, though its socket is there: it may be stopped. */
  readonly isUnresponsive: boolean;
  end(): void;
}

/**
 * Connects to the holder of a claim. `undefined`: nobody of ours answers there.
 * @param asker this window, where the owner asks what our user's wishes need
 */
export async function connectToOwner(
  { socket: path, token }: Claim,
  version: string,
  patience: Patience,
  signal: AbortSignal,
  asker: Asker,
): Promise<OwnerConnection | undefined> {
  const socket = await connected(path, patience.helloMs, signal);
  if (!socket) {
    return undefined;
  }
  const link = openLink(socket);
  const end = () => link.end();
  signal.addEventListener('abort', end, { once: true });
  link.ended.addEventListener('abort', () => signal.removeEventListener('abort', end), { once: true });
  const service = new RemoteService(link, asker);
  link.rpc.listen();
  const greeting: Hello = { protocol: protocolVersion, version, token };
  const impatience = setTimeout(end, patience.helloMs);
  try {
    const answer = v.parse(
      hello.result,
      await link.rpc.sendRequest<unknown>('hello', ParameterStructures.byName, greeting),
    );
    const heart = new Heartbeat(link, patience);
    return {
      service,
      accepted: answer.accepted,
      version: answer.version,
      ended: link.ended,
      get isUnresponsive() {
        return heart.isUnresponsive;
      },
      end,
    };
  } catch {
    link.end();
    return undefined;
  } finally {
    clearTimeout(impatience);
  }
}

/** Ends the connection to an owner that lives, as its socket shows, but answers nothing. */
class Heartbeat {
  #unanswered = 0;
  #isUnresponsive = false;

  constructor(link: Link, { heartbeatMs, heartbeatsMissed }: Patience) {
    const timer = setInterval(() => {
      if (this.#unanswered >= heartbeatsMissed) {
        this.#isUnresponsive = true;
        link.end();
        return;
      }
      this.#unanswered += 1;
      link.rpc.sendRequest('ping', ParameterStructures.byName, {}).then(
        () => (this.#unanswered = 0),
        () => undefined,
      );
    }, heartbeatMs);
    link.ended.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  get isUnresponsive(): boolean {
    return this.#isUnresponsive;
  }
}

function connected(path: string, deadlineMs: number, signal: AbortSignal): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const giveUp = () => socket.destroy();
    const timer = setTimeout(giveUp, deadlineMs);
    signal.addEventListener('abort', giveUp, { once: true });
    const give = (result: Socket | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(result);
    };
    socket.once('connect', () => give(socket));
    // Refused, or not there: its owner was killed, or closed. "close" follows.
    socket.on('error', () => undefined);
    socket.once('close', () => give(undefined));
    if (signal.aborted) {
      giveUp();
    }
  });
}
