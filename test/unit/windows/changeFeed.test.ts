import assert from 'node:assert/strict';
import { mostRemembered } from '../../../src/engine/noticeBook';
import { ChangeFeed } from '../../../src/windows/changeFeed';
import type { Changes } from '../../../src/windows/protocol';
import { ScriptedService } from './scriptedService';

describe('what is kept for a window that does not read', () => {
  it('does not grow without end: of what windows tell the user, the newest', async () => {
    const service = new ScriptedService();
    const told: Changes[] = [];
    let readOn: () => void = () => undefined;
    const feed = new ChangeFeed(service, {
      snapshot: () => new Promise((resolve) => (readOn = resolve)),
      changes: (changes) => Promise.resolve(void told.push(changes)),
    });
    for (let key = 0; key < mostRemembered + 10; key++) {
      await service.claimNotice({ key: String(key), by: 'one' });
    }
    readOn();
    await new Promise(setImmediate);
    feed.flush();
    feed.dispose();
    const keys = told.flatMap(({ claims = [] }) => claims.map(({ key }) => key));
    assert.deepEqual([keys.length, keys[0]], [mostRemembered, '10']);
  });
});
