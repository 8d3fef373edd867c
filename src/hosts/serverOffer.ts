/** The algorithms that a server names when it greets, which ssh2 does not hand out. */
export interface Offer {
  kex: string;
  hostKey: string;
  cipher: string;
  mac: string;
}

/** The name, the greeting before it and the first packet are far smaller, or none of our business. */
const maxBytes = 64 * 1024;
const keyExchangeInit = 20;
const cookieBytes = 16;

/** Reads along what a server sends until it has named its algorithms (RFC 4253, 4.2, 6 and 7.1). */
export class ServerOffer {
  #received = Buffer.alloc(0);
  #offer: Offer | undefined;

  get offer(): Offer | undefined {
    return this.#offer;
  }

  /** True while there is more to come. */
  take(chunk: Buffer): boolean {
    if (this.#offer || this.#received.length > maxBytes) {
      return false;
    }
    this.#received = Buffer.concat([this.#received, chunk]);
    const name = /(?:^|\n)SSH-[^\n]*\n/.exec(this.#received.toString('latin1'));
    this.#offer = name ? readOffer(this.#received.subarray(name.index + name[0].length)) : undefined;
    return this.#offer === undefined;
  }
}

/** The packet is not encrypted yet: its length, the length of its padding, its type, a cookie, the lists. */
function readOffer(packet: Buffer): Offer | undefined {
  if (packet.length < 6 || packet.length < 4 + packet.readUInt32BE(0) || packet[5] !== keyExchangeInit) {
    return undefined;
  }
  const lists: string[] = [];
  let at = 6 + cookieBytes;
  while (lists.length < 6 && at + 4 <= packet.length) {
    const end = at + 4 + packet.readUInt32BE(at);
    lists.push(packet.toString('latin1', at + 4, end));
    at = end;
  }
  // Both directions have their own lists; servers that tell them apart are unheard of.
  const [kex = '', hostKey = '', cipher = '', , mac = ''] = lists;
  return { kex, hostKey, cipher, mac };
}
