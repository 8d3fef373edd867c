// A TCP proxy that adds round trip time and, when told to, the faults that networks have.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** New connections are refused by the system; those there are end. */
  refuse(): Promise<void>;
  /** New connections are taken, and nothing ever comes back; those there are fall silent and are lost. */
  blackhole(): void;
  /** Connections there are break off. */
  cut(): void;
  /** Connections there are stay open and fall silent, both ways; new ones as well. */
  stall(): void;
  /** Takes connections again and carries what was held back. */
  restore(): Promise<void>;
  /** Breaks off the connections once the target has sent so many more bytes. */
  truncateAfter(bytes: number): void;
  /** Bytes carried so far, both ways. */
  bytes(): number;
  /** Connections open now. */
  connections(): number;
  /** Connections taken so far. */
  accepted(): number;
  stop(): Promise<void>;
}

export async function startFaultProxy(
  target: { host: string; port: number },
  { delayMs = 0 }: { delayMs?: number } = {},
): Promise<FaultProxy> {
  const proxy = new Proxy(target, delayMs / 2);
  await proxy.listen(0);
  return proxy;
}

interface Chunk {
  data: Buffer;
  due: number;
}

/** One direction of one connection: holds every chunk for half the round trip. */
class Pipe {
  readonly #held: Chunk[] = [];
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    from: Socket,
    private readonly to: Socket,
    delayMs: number,
    private readonly isStalled: () => boolean,
    private readonly onCarry: (bytes: number) => boolean,
  ) {
    from.on('data', (data: Buffer) => {
      this.#held.push({ data, due: performance.now() + delayMs });
      this.flush();
    });
    from.on('end', () => {
      this.#ended = true;
      this.flush();
    });
  }

  readonly flush = (): void => {
    clearTimeout(this.#timer);
    if (this.isStalled()) {
      return;
    }
    for (let next = this.#held[0]; next; next = this.#held[0]) {
      const wait = next.due - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(this.flush, wait);
        return;
      }
      this.#held.shift();
      if (!this.onCarry(next.data.length) || this.to.destroyed) {
        return;
      }
      this.to.write(next.data);
    }
    if (this.#ended) {
      this.to.end();
    }
  };

  stop(): void {
    clearTimeout(this.#timer);
    this.#held.length = 0;
  }
}

interface Pair {
  sockets: Socket[];
  pipes: Pipe[];
}

class Proxy implements FaultProxy {
  readonly host = '127.0.0.1';
  port = 0;
  #server: Server | undefined;
  #silent = false;
  #lost = false;
  #carried = 0;
  #accepted = 0;
  #allowance = Infinity;
  readonly #pairs = new Set<Pair>();

  constructor(
    private readonly target: { host: string; port: number },
    private readonly delayMs: number,
  ) {}

  bytes(): number {
    return this.#carried;
  }

  connections(): number {
    return this.#pairs.size;
  }

  accepted(): number {
    return this.#accepted;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true }, (socket) => this.#carry(socket));
      server.once('error', reject).listen(port, this.host, () => {
        this.port = (server.address() as AddressInfo).port;
        this.#server = server;
        resolve();
      });
    });
  }

  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    this.cut();
    await closed;
  }

  blackhole(): void {
    this.#silent = true;
    this.#lost = true;
  }

  stall(): void {
    this.#silent = true;
  }

  cut(): void {
    for (const pair of this.#pairs) {
      this.#drop(pair);
    }
  }

  async restore(): Promise<void> {
    if (this.#lost) {
      this.cut();
    }
    this.#silent = false;
    this.#lost = false;
    this.#allowance = Infinity;
    if (!this.#server) {
      await this.listen(this.port);
    }
    for (const { pipes } of this.#pairs) {
      pipes.forEach((pipe) => pipe.flush());
    }
  }

  truncateAfter(bytes: number): void {
    this.#allowance = bytes;
  }

  async stop(): Promise<void> {
    await this.refuse();
  }

  #carry(client: Socket): void {
    this.#accepted++;
    const target = connect({ ...this.target, noDelay: true });
    const isStalled = () => this.#silent;
    const up = new Pipe(client, target, this.delayMs, isStalled, (bytes) => this.#count(bytes));
    const down = new Pipe(
      target,
      client,
      this.delayMs,
      isStalled,
      (bytes) => this.#count(bytes) && this.#allow(bytes),
    );
    const pair = { sockets: [client, target], pipes: [up, down] };
    this.#pairs.add(pair);
    for (const socket of pair.sockets) {
      socket.on('error', () => this.#drop(pair));
      // One side may have ended while what it sent is still held: then that goes first.
      socket.on('close', () => pair.sockets.every((each) => each.closed) && this.#drop(pair));
    }
  }

  #count(bytes: number): boolean {
    this.#carried += bytes;
    return true;
  }

  #allow(bytes: number): boolean {
    this.#allowance -= bytes;
    if (this.#allowance < 0) {
      this.cut();
      return false;
    }
    return true;
  }

  #drop(pair: Pair): void {
    if (this.#pairs.delete(pair)) {
      pair.pipes.forEach((pipe) => pipe.stop());
      pair.sockets.forEach((socket) => socket.destroy());
    }
  }
}
