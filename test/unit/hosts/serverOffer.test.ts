import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ServerOffer } from '../../../src/hosts/serverOffer';

const list = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};
const payload = Buffer.concat([
  Buffer.from([4, 20]),
  Buffer.alloc(16, 7),
  ...['kex1,kex2', 'key1', 'cipher1', 'cipher2', 'mac1', 'mac2', 'none', 'none', '', ''].map(list),
  Buffer.alloc(5),
]);
const length = Buffer.alloc(4);
length.writeUInt32BE(payload.length);
const greeting = Buffer.concat([Buffer.from('welcome\r\nSSH-2.0-old\r\n'), length, payload]);
const expected = { kex: 'kex1,kex2', hostKey: 'key1', cipher: 'cipher1', mac: 'mac1' };

describe('What a server offers', () => {
  it('is read from its greeting, however that comes in pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(greeting.length)), (cuts) => {
        const server = new ServerOffer();
        const places = [0, ...cuts.sort((a, b) => a - b), greeting.length];
        places.slice(1).forEach((end, at) => server.take(greeting.subarray(places[at], end)));
        assert.deepEqual(server.offer, expected);
      }),
    );
  });

  it('is nothing where the server says something else, and only so much is kept of that', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const server = new ServerOffer();
        server.take(Buffer.from('SSH-2.0-x\r\n'));
        server.take(Buffer.from(bytes));
        assert.ok(server.offer === undefined || bytes[5] === 20);
      }),
    );
    const server = new ServerOffer();
    const taken = Array.from({ length: 200 }, () => server.take(Buffer.alloc(1024, 'x')));
    assert.equal(taken.at(-1), false);
  });
});
