import { shellWord } from '../../hosts/quote';
import type { SubmitSpec } from '../../operations/operation';

/** `~` is the home directory, as in a shell; all else is taken to the letter. */
function folderWord(folder: string): string {
  if (folder === '~') {
    return '"$HOME"';
  }
  return folder.startsWith('~/') ? `"$HOME"/${shellWord(folder.slice(2))}` : shellWord(folder);
}

/** The text of a run directory's `cmd.sh`: folder, environment, and the user's command as it was typed. */
export function commandFile(spec: SubmitSpec): string {
  const environment = Object.entries(spec.env ?? {}).map(
    ([name, value]) => `export ${name}=${shellWord(value)}`,
  );
  return [`cd -- ${folderWord(spec.cwd ?? '~')} || exit 1`, ...environment, spec.command, ''].join('\n');
}
