import assert from 'node:assert/strict';
import { apiCalls } from '../../src/apiCalls';
import { FakeClock } from './engine/fakeClock';
import { ReportPace } from '../../src/windows/reportPace';
import { ScriptedService } from './windows/scriptedService';

describe('what other extensions may call', () => {
  it('reads logs without asking for a login, whatever the caller says', async () => {
    const service = new ScriptedService();
    const ready = () => Promise.resolve(service);
    const api = apiCalls(Object.assign(service, { ready }), new ReportPace(service, new FakeClock()));
    await api.log('a');
    await api.log('a', { maxBytes: 10, ...{ mayAsk: true } });
    assert.deepEqual(service.calls, [
      ['log', 'a', { mayAsk: false }],
      ['log', 'a', { maxBytes: 10, mayAsk: false }],
    ]);
  });
});
