import type { HostState, HostView } from './operationView';

const away: ReadonlySet<HostState> = new Set<HostState>(['unreachable', 'needs-login', 'blocked']);

/** It was tried, and cannot be used until something changes. */
export const isAway = (state: HostState): boolean => away.has(state);

/** Away, or reached but with answers that cannot be used: what runs there is not verified. */
export const isTroubled = ({ state, error }: HostView): boolean =>
  isAway(state) || (state === 'connected' && error !== undefined);
