import type { Operation } from '../operations/operation';
import type { HostView } from '../operations/operationView';
import { isActive } from '../operations/status';

/** A new operation is looked at often for this long, even if nobody is watching. */
const livelyMs = 30_000;

/** Hosts on which something is active. */
export function hostsWithWork(operations: readonly Operation[]): string[] {
  const active = operations.filter(({ status, archived }) => isActive(status) && !archived);
  return [...new Set(active.map(({ spec }) => spec.hostId))];
}

/** Of them, those that the user did not disconnect. */
export function hostsToWatch(operations: readonly Operation[], hosts: readonly HostView[]): string[] {
  const disconnected = new Set(hosts.filter(({ state }) => state === 'disconnected').map(({ id }) => id));
  return hostsWithWork(operations).filter((hostId) => !disconnected.has(hostId));
}

/** Whether something was started just now: most of what fails does so at once. */
export function isLively(operations: readonly Operation[], nowMs: number): boolean {
  return operations.some(({ status, submittedAt }) => {
    const ageMs = nowMs - Date.parse(submittedAt);
    // Submitted in the future: this clock was set back.
    return isActive(status) && ageMs >= 0 && ageMs < livelyMs;
  });
}
