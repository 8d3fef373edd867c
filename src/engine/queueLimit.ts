import type { SubmitSpec } from '../operations/operation';
import type { EngineContext } from './context';

/** How many plain processes may run on a host at once; 0: any number. */
export function limitOf(
  { hosts, settings }: Pick<EngineContext, 'hosts' | 'settings'>,
  hostId: string,
): number {
  const host = hosts.all().find(({ id }) => id === hostId);
  return host?.maxConcurrent ?? settings().maxConcurrent;
}

/** Whether what is submitted with this spec goes through the queue of its host, or is started or fails at once. */
export const hasQueue = (
  context: Pick<EngineContext, 'hosts' | 'settings'>,
  { hostId, launcher = 'process', gpus = 0 }: SubmitSpec,
): boolean => launcher === 'process' && (gpus > 0 || limitOf(context, hostId) > 0);
