import * as v from 'valibot';
import type { OperationView } from '../operations/operationView';

const explained = v.object({
  cause: v.object({ title: v.string(), lines: v.optional(v.array(v.string()), []) }),
});

/** Why it ended, as far as its output tells. */
export function causeOf(view: OperationView): { title: string; lines: string[] } | undefined {
  const { success, output } = v.safeParse(explained, view);
  return success ? output.cause : undefined;
}
