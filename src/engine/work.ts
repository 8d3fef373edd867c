import type { Operation } from '../operations/operation';
import type { HostView, LauncherName } from '../operations/operationView';
import { isReported } from '../operations/report';
import { isActive, isTerminal } from '../operations/status';

/** A new operation is looked at often for this long, even if nobody is watching. */
const livelyMs = 30_000;

/** Hosts on which something is active, or waits to be started. What other extensions run is not looked at. */
export function hostsWithWork(operations: readonly Operation[]): string[] {
  const open = operations.filter((one) => !isTerminal(one.status) && !one.archived && !isReported(one));
  return [...new Set(open.map(({ spec }) => spec.hostId))];
}

/** Of them, and of others that are of interest, those that the user did not disconnect. */
export function hostsToWatch(
  operations: readonly Operation[],
  hosts: readonly HostView[],
  others: readonly string[],
): string[] {
  const disconnected = new Set(hosts.filter(({ state }) => state === 'disconnected').map(({ id }) => id));
  return [...new Set([...hostsWithWork(operations), ...others])].filter(
    (hostId) => !disconnected.has(hostId),
  );
}

/** Where there may be something that was started elsewhere: as configured, or as was found so far. */
export function hostsToSearch(
  operations: readonly Operation[],
  hosts: readonly HostView[],
  launcher: LauncherName,
  offering: ReadonlySet<string>,
): string[] {
  const used = new Set(operations.filter((one) => one.launcher === launcher).map(({ spec }) => spec.hostId));
  return hosts
    .filter(
      ({ id, state, launchers }) =>
        state !== 'disconnected' &&
        (launchers ? launchers.some((one) => one === launcher) : used.has(id) || offering.has(id)),
    )
    .map(({ id }) => id);
}

/** Whether something was started just now: most of what fails does so at once. */
export function isLively(operations: readonly Operation[], nowMs: number): boolean {
  return operations.some((operation) => {
    const ageMs = nowMs - Date.parse(operation.submittedAt);
    // Submitted in the future: this clock was set back.
    return isActive(operation.status) && !isReported(operation) && ageMs >= 0 && ageMs < livelyMs;
  });
}
