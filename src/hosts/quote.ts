import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../operations/errors';

export { shellWord } from '../operations/shellWord';

/** Linux refuses to start a program with one argument of this many bytes or more (MAX_ARG_STRLEN). */
const maxCommandBytes = 131_072;

/** How each byte is written, where plain characters stand for themselves. */
const codeTable = (plain: RegExp): readonly string[] =>
  Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    return plain.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
  });

const inWord = codeTable(/[A-Za-z0-9_./:=,@%+-]/);
/** Within single quotes: not `'` itself, not `\` (fish), not `!` (csh), printable ASCII only. */
const inQuotes = codeTable(/[ "#-&(-[\]-~]/);

function encode(bytes: Buffer, codes: readonly string[]): string {
  refuseNul(bytes.includes(0));
  let encoded = '';
  for (const byte of bytes) {
    encoded += codes[byte] ?? '';
  }
  return encoded;
}

function refuseNul(found: boolean): void {
  if (found) {
    throw new RemoteOperationsError(
      'InvalidInput',
      l10n.t('A text with a NUL character cannot be passed to a shell.'),
    );
  }
}

/**
 * A text or its bytes as one line and one word of printable ASCII, which the shell's `printf %b` turns
 * back into exactly these bytes. `read -r word` brings it whole; remember that `$(...)` drops trailing
 * newlines.
 */
export const encodeText = (text: string | Buffer): string =>
  encode(typeof text === 'string' ? Buffer.from(text) : text, inWord);

/**
 * The command line that runs a POSIX script of any number of lines under `/bin/sh`, whatever shell the
 * user logs in with: the quoting here means the same to sh, bash, zsh, csh, tcsh and fish.
 */
export function scriptCommand(script: string): string {
  const encoded = encode(Buffer.from(script), inQuotes);
  const command = `exec /bin/sh -c 'eval "shift;$(printf %b "$1")"' sh '${encoded}'`;
  refuseTooLong(command.length);
  return command;
}

/** The script as the argument of a shell on this computer, which is given it as it is. */
export function scriptArgument(script: string): string {
  refuseNul(script.includes('\0'));
  refuseTooLong(Buffer.byteLength(script));
  return script;
}

function refuseTooLong(bytes: number): void {
  if (bytes >= maxCommandBytes) {
    throw new RemoteOperationsError(
      'InvalidInput',
      l10n.t(
        'The script is too long for one command ({0} bytes, {1} allowed). Pass its data on standard input.',
        bytes,
        maxCommandBytes - 1,
      ),
    );
  }
}
