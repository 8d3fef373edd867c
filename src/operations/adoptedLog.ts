import * as l10n from '@vscode/l10n';
import type { AdoptedOutput } from './operation';

/** Why there is no log of a process that was started elsewhere; `undefined` where there is one, if nothing went wrong. */
export function whyNoLog(output: AdoptedOutput | undefined): string | undefined {
  switch (output) {
    case undefined:
    case 'file':
      return undefined;
    case 'terminal':
      return l10n.t('There is no log: it was started elsewhere, and its output goes to a terminal.');
    case 'pipe':
      return l10n.t('There is no log: it was started elsewhere, and its output goes to another program.');
    case 'socket':
      return l10n.t(
        'There is no log: it was started elsewhere, and its output goes to a service, such as the journal of systemd.',
      );
    case 'nowhere':
      return l10n.t('There is no log: it was started elsewhere, and its output is thrown away (/dev/null).');
    case 'unknown':
      return l10n.t('There is no log: it was started elsewhere, and where its output goes cannot be seen.');
  }
}
