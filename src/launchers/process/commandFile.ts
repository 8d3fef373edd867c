import { shellWord } from '../../hosts/quote';
import type { SubmitSpec } from '../../operations/operation';

/** `~` is the home directory, as in a shell, and relative folders lie there; all else is to the letter. */
function folderWord(folder: string): string {
  if (folder === '~') {
    return '"$HOME"';
  }
  return folder.startsWith('/') ? shellWord(folder) : `"$HOME"/${shellWord(folder.replace(/^~\//, ''))}`;
}

/** The text of a run directory's `cmd.sh`: folder, environment, and the user's command as it was typed. */
export function commandFile(spec: SubmitSpec): string {
  const environment = Object.entries(spec.env ?? {}).map(
    ([name, value]) => `export ${name}=${shellWord(value)}`,
  );
  return [`cd -- ${folderWord(spec.cwd ?? '~')} || exit 1`, ...environment, spec.command, ''].join('\n');
}
