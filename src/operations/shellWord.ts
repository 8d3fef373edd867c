import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from './errors';

/** A text as one word of a POSIX shell command. */
export function shellWord(text: string): string {
  if (text.includes('\0')) {
    throw new RemoteOperationsError(
      'InvalidInput',
      l10n.t('A text with a NUL character cannot be passed to a shell.'),
    );
  }
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
