import type { HostView } from './operationView';
import type { Draft } from './spec';

/** Where it is not said that processes may run, the first way that is; its options are as the scheduler decides. */
export function withLauncher(draft: Draft, host: HostView | undefined): Draft {
  const { launchers = [] } = host ?? {};
  const [first] = launchers;
  return first === undefined || launchers.includes('process') ? draft : { ...draft, launcher: first };
}
