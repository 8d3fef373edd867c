import type { Disposable } from '../../emitter';
import type { Hosts } from '../hosts';

/** Tells when a host is back, or there at all now: what waits for it is not kept waiting. */
export function onDidReturn(hosts: Hosts, listener: (hostId: string) => void): Disposable {
  let before: ReadonlySet<string> = new Set();
  return hosts.onDidChange(() => {
    const usable = hosts.all().filter(({ state }) => state === 'connected' || state === 'idle');
    const returned = usable.filter(({ id }) => !before.has(id));
    before = new Set(usable.map(({ id }) => id));
    returned.forEach(({ id }) => listener(id));
  });
}
