import * as l10n from '@vscode/l10n';
import { signalName } from '../exitText';

const lastOwnCode = 128;

/** What a signal usually says about the program that it ended. */
function signalMeaning(signal: number): string | undefined {
  switch (signal) {
    case 2:
      return l10n.t('It was interrupted');
    case 4:
      return l10n.t('It crashed: its processor does not know one of its instructions');
    case 6:
      return l10n.t('It gave up by itself at an error');
    case 7:
      return l10n.t('It crashed: it used memory that is not there');
    case 8:
      return l10n.t('It crashed at an impossible calculation');
    case 9:
      return l10n.t('It was killed, by somebody or by the kernel, which does so when memory runs out');
    case 11:
      return l10n.t('It crashed with a segmentation fault: it used memory that is not its own');
    case 13:
      return l10n.t('It wrote to where nobody reads any more');
    case 15:
      return l10n.t('Somebody, or something, asked it to end');
    case 24:
      return l10n.t('It used more processor time than it is allowed');
    case 25:
      return l10n.t('It wrote a larger file than it is allowed');
    default:
      return undefined;
  }
}

/** What an exit code says by itself, by the conventions of shells. @param code not 0 */
export function exitTitle(code: number): string {
  switch (code) {
    case 126:
      return l10n.t('Probably a command could not be executed (exit code 126)');
    case 127:
      return l10n.t('Probably a command was not found (exit code 127)');
  }
  const name = signalName(code);
  if (name === undefined) {
    return l10n.t('Exit code {0}', code);
  }
  const meaning = signalMeaning(code - lastOwnCode);
  return meaning === undefined
    ? l10n.t('It was ended by the signal {0} (exit code {1})', name, code)
    : l10n.t('{0} ({1}, exit code {2})', meaning, name, code);
}
