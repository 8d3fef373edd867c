import path from 'node:path';
import * as vscode from 'vscode';
import { fieldProblem } from '../../operations/spec';
import { fileDraft } from './fileDraft';
import type { FormStart } from './formPanel';

/** More than a command may have: such a file is not read. */
const mostBytes = 1_000_000;

/** What a form begins with that is opened on a file, or on a selection in it. Nothing is sent anywhere. */
export async function fileStart(uri: vscode.Uri, selection?: string): Promise<FormStart> {
  const name = path.posix.basename(uri.path);
  if (selection !== undefined) {
    return { draft: { name, command: selection } };
  }
  const text = await readText(uri);
  const { draft, isElsewhere, notTaken } = fileDraft({
    name,
    ...(text !== undefined && fieldProblem('command', text) === undefined && { text }),
    ...(uri.scheme === 'file' && { path: uri.fsPath }),
  });
  const notes = [
    isElsewhere &&
      vscode.l10n.t('"{0}" must be in the working folder on the host: put it there first.', name),
    draft.uploadFrom !== undefined &&
      vscode.l10n.t('Only "{0}" is uploaded. If it needs other files, choose its folder instead.', name),
    notTaken.length > 0 &&
      vscode.l10n.t(
        'These lines have no field here and are left out. To keep them, put the script on the host and use "sbatch {0}" as the command.',
        name,
      ),
    ...notTaken,
  ].filter(Boolean);
  return { draft, ...(notes.length > 0 && { note: notes.join('\n') }) };
}

/** As it stands in an editor, saved or not. `undefined`: it is too large, or no text. */
async function readText(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) {
    return open.getText();
  }
  if ((await vscode.workspace.fs.stat(uri)).size > mostBytes) {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}
