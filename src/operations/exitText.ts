import * as l10n from '@vscode/l10n';

const signalNames: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
};

/** A shell reports death by signal N as exit code 128 + N. */
export const signalName = (code: number): string | undefined => signalNames[code - 128];

export function exitText(code: number): string {
  const signal = signalName(code);
  return signal ? l10n.t('exit {0}, ended by {1}', code, signal) : l10n.t('exit {0}', code);
}
