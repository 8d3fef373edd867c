import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { RemoteOperationsError } from '../operations/errors';
import type { HostView, OperationView } from '../operations/operationView';

const mostNamed = 20;

/** An id as the tools give it. */
export const operationId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

export const hostText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** @throws RemoteOperationsError `InvalidInput` that names the field */
export function checkedInput<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const found = v.safeParse(schema, input ?? {});
  if (!found.success) {
    const [issue] = found.issues;
    throw new RemoteOperationsError(
      'InvalidInput',
      l10n.t(
        'The input is not valid: {0}: {1}. Correct it and try again.',
        v.getDotPath(issue) ?? l10n.t('all of it'),
        issue.message,
      ),
    );
  }
  return found.output;
}

/** By its id, or else its name. @throws RemoteOperationsError `UnknownHost` that names those that there are */
export function namedHost(hosts: readonly HostView[], text: string): HostView {
  const found = hosts.find(({ id }) => id === text) ?? hosts.find(({ name }) => name === text);
  if (!found) {
    throw new RemoteOperationsError(
      'UnknownHost',
      hosts.length === 0
        ? l10n.t('There is no host yet. Ask the user to add one with "Remote Operations: Add Host...".')
        : l10n.t(
            'There is no host "{0}". Use one of these ids: {1}.',
            text,
            hosts
              .slice(0, mostNamed)
              .map(({ id }) => JSON.stringify(id))
              .join(', '),
          ),
    );
  }
  return found;
}

/** @throws RemoteOperationsError `UnknownOperation` */
export function knownOperation(
  service: { get(id: string): OperationView | undefined },
  id: string,
): OperationView {
  const view = service.get(id);
  if (!view) {
    throw new RemoteOperationsError(
      'UnknownOperation',
      l10n.t('There is no operation with the id "{0}". Get ids from list_remote_operations.', id),
    );
  }
  return view;
}
