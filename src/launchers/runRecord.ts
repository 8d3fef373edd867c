import type { Operation } from '../operations/operation';

/** What a later import, or a person, needs to know of a run directory. No environment: it may be secret. */
export function runRecord({ id, spec, submittedAt }: Operation): string {
  const { type, name, command, kind, description, cwd, port, timeoutSeconds } = spec;
  const known = { id, submittedAt, type, name, kind, description, command, cwd, port, timeoutSeconds };
  return `${JSON.stringify(known, undefined, 2)}\n`;
}
