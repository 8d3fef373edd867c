import assert from 'node:assert/strict';
import { offerLostRuns } from '../../../src/commands/lostRuns';
import { Emitter } from '../../../src/emitter';
import type { HostState, HostView } from '../../../src/operations/operationView';

describe('what a lost list had', () => {
  const changed = new Emitter<void>();
  const states = new Map<string, HostState>();
  let searched: string[][];

  const hosts = (): HostView[] => [...states].map(([id, state]) => ({ id, name: id, address: id, state }));
  const become = (id: string, state: HostState) => {
    states.set(id, state);
    changed.fire();
  };
  /** Hosts answer once they are connected, but for the broken one. */
  const offer = (hostIds: readonly string[], onSilent: (hostId: string) => void) => {
    searched.push([...hostIds]);
    hostIds
      .filter((id) => id === 'broken' || states.get(id) !== 'connected')
      .forEach((hostId) => onSilent(hostId));
    return Promise.resolve();
  };

  beforeEach(() => {
    states.clear();
    searched = [];
  });

  it('is looked for on all hosts at once, and on those that come back later, once', () => {
    states.set('here', 'connected').set('away', 'unreachable').set('locked', 'needs-login');
    const finding = offerLostRuns({ hosts, onDidChangeHosts: changed.event }, offer);
    assert.deepEqual(searched, [['here', 'away', 'locked']]);
    become('away', 'connecting');
    become('away', 'connected');
    become('here', 'unreachable');
    become('here', 'connected');
    assert.deepEqual(searched.slice(1), [['away']]);
    finding.dispose();
    become('locked', 'connected');
    assert.equal(searched.length, 2);
  });

  it('is not looked for again where a host answers and the search fails', () => {
    states.set('broken', 'connected');
    offerLostRuns({ hosts, onDidChangeHosts: changed.event }, offer);
    become('broken', 'connected');
    assert.equal(searched.length, 1);
  });

  it('is looked for nowhere where there is no host', () => {
    offerLostRuns({ hosts, onDidChangeHosts: changed.event }, offer);
    assert.deepEqual(searched, []);
  });
});
