import type { DecideContext, Watch } from '../../../src/operations/decision';
import type { Evidence } from '../../../src/operations/evidence';
import type { Operation, OperationChange, ProcessIdentity } from '../../../src/operations/operation';
import type { Status } from '../../../src/operations/status';

export const identity: ProcessIdentity = {
  machineId: 'machine-1',
  bootId: 'boot-1',
  pid: 4242,
  startTicks: '123400',
};

export const operationAt = (status: Status, more: Partial<Operation> = {}): Operation => ({
  id: 'op-1',
  version: 1,
  spec: { hostId: 'here', type: 'job', name: 'train', command: 'python train.py' },
  launcher: 'process',
  status,
  submittedAt: '2026-01-01T10:00:00.000Z',
  ...more,
});

export const server = (status: Status): Operation =>
  operationAt(status, {
    spec: { hostId: 'here', type: 'server', name: 'web', command: 'serve', port: 8080 },
  });

export const fresh: Watch = { observation: 'fresh' };

export const context = (nowMs = 1_000_000, now = '2026-01-01T12:00:00.000Z'): DecideContext => ({
  now,
  nowMs,
  hostName: 'gpu-box',
});

export const alive = (more: Partial<Extract<Evidence, { kind: 'alive' }>> = {}): Evidence => ({
  kind: 'alive',
  identity,
  activity: 'running',
  uptimeSeconds: 60,
  by: 'pid and start time',
  ...more,
});

export const exited = (
  exitCode: number,
  more: Partial<Extract<Evidence, { kind: 'exited' }>> = {},
): Evidence => ({ kind: 'exited', exitCode, killDelivered: false, ...more });

export const absent = (more: Partial<Extract<Evidence, { kind: 'absent' }>> = {}): Evidence => ({
  kind: 'absent',
  reason: 'its processes are gone',
  killDelivered: false,
  ...more,
});

export const pending = (reason?: string): Evidence => ({
  kind: 'pending',
  by: 'squeue',
  ...(reason !== undefined && { reason }),
});

export const settled = (
  state: Extract<Evidence, { kind: 'settled' }>['state'],
  more: Partial<Extract<Evidence, { kind: 'settled' }>> = {},
): Evidence => ({ kind: 'settled', state, reason: state.toUpperCase(), by: 'sacct', ...more });

export const unreachable: Evidence = { kind: 'unseen', observation: 'unreachable', reason: 'timed out' };
export const ambiguous: Evidence = { kind: 'ambiguous', reason: 'left out' };

/** What the store makes of an operation and a change. */
export function applied(operation: Operation, change: OperationChange | undefined): Operation {
  const entries = Object.entries({ ...operation, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Operation;
}
