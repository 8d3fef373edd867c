import { shellWord } from './shellWord';
import type { SubmitSpec } from './operation';

/** `~` is the home directory, as in a shell, and relative folders lie there; all else is to the letter. */
function folderWord(folder: string): string {
  if (folder === '~') {
    return '"$HOME"';
  }
  return folder.startsWith('/') ? shellWord(folder) : `"$HOME"/${shellWord(folder.replace(/^~\//, ''))}`;
}

const exportLines = ({ env = {} }: SubmitSpec): string[] =>
  Object.entries(env).map(([name, value]) => `export ${name}=${shellWord(value)}`);

/** The text of a run directory's `cmd.sh`: folder, environment, and the user's command as it was typed. */
export function commandFile(spec: SubmitSpec): string {
  return [`cd -- ${folderWord(spec.cwd ?? '~')} || exit 1`, ...exportLines(spec), spec.command, ''].join(
    '\n',
  );
}

/** The same for a batch script, which lies beside it: it runs where Slurm starts it, unless a folder was asked for. */
export function batchScriptFile(spec: SubmitSpec): string {
  const folder = spec.cwd === undefined ? '"$REMOTE_OPS_CWD"' : folderWord(spec.cwd);
  return [`cd -- ${folder} || exit 1`, ...exportLines(spec), 'exec "$REMOTE_OPS_DIR/script"', ''].join('\n');
}
