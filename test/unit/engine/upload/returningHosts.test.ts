import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/emitter';
import { onDidReturn } from '../../../../src/engine/upload/returningHosts';
import type { HostState, HostView } from '../../../../src/operations/operationView';
import { FixedHosts } from '../engineRig';

class ChangingHosts extends FixedHosts {
  readonly changed = new Emitter<void>();
  override readonly onDidChange = this.changed.event;
  state: HostState = 'unreachable';

  constructor() {
    super(new Map());
  }

  override all(): HostView[] {
    return [{ id: 'a', name: 'a', address: 'a', state: this.state }];
  }

  become(state: HostState): void {
    this.state = state;
    this.changed.fire();
  }
}

describe('a host that can be used again', () => {
  it('is told once for each time that it is back', () => {
    const hosts = new ChangingHosts();
    const told: string[] = [];
    const listening = onDidReturn(hosts, (hostId) => void told.push(hostId));
    const counts = (['connecting', 'connected', 'connected', 'unreachable', 'connected'] as const).map(
      (state) => {
        hosts.become(state);
        return told.length;
      },
    );
    assert.deepEqual(counts, [0, 1, 1, 1, 2]);
    listening.dispose();
    hosts.become('unreachable');
    hosts.become('connected');
    assert.equal(told.length, 2);
  });
});
