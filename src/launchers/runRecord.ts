import type { Operation } from '../operations/operation';

/** What a later import, or a person, needs to know of a run directory. No environment: it may be secret. */
export function runRecord({ id, spec, launcher, submittedAt }: Operation): string {
  const { hostId: _hostId, env: _env, ...recorded } = spec;
  return `${JSON.stringify({ id, submittedAt, ...recorded, launcher }, undefined, 2)}\n`;
}
