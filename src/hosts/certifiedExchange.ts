import type { Client } from 'ssh2';
import { keyTypeOf } from './knownHosts';

/** The part of ssh2's key exchange that is reached into here. */
interface KeyExchange {
  _hostKey: Buffer;
  negotiated: { serverHostKey: string };
  getPublicKey(): unknown;
}

/**
 * Lets ssh2, which knows no host certificates, end a key exchange in which the host showed one. The hash that
 * the host signs is over the certificate, and the signature is made with the key in it (OpenSSH,
 * PROTOCOL.certkeys): so the key takes the place of the certificate in between, which is when ssh2 asks for
 * its own part of the exchange. If a later ssh2 asks at another time, the signature does not match and the
 * host is refused: nothing can be trusted by mistake.
 */
export function proveByCertifiedKey(client: Client, hostKey: Buffer): void {
  const exchange = (client as unknown as { _protocol?: { _kex?: KeyExchange } })._protocol?._kex;
  if (exchange === undefined) {
    return;
  }
  const getPublicKey = exchange.getPublicKey.bind(exchange);
  exchange.getPublicKey = () => {
    exchange._hostKey = hostKey;
    exchange.negotiated.serverHostKey = keyTypeOf(hostKey);
    return getPublicKey();
  };
}
