import * as vscode from 'vscode';
import { errorMessage } from '../operations/errors';
import { askPick, type Question } from './steps';
import { withProgress } from './withProgress';

/** What a batch script on the host asks for by itself. */
export type ReadScript = (script: string) => Promise<string[]>;

/** Shows what the script asks for before it is submitted. */
export const scriptQuestion =
  (script: string, read: ReadScript): Question =>
  async (place) => {
    const title = vscode.l10n.t('Reading {0}...', script);
    const { lines, problem } = await withProgress({ title }, () => read(script)).then(
      (found) => ({ lines: found, problem: undefined }),
      (error: unknown) => ({ lines: [], problem: errorMessage(error) }),
    );
    const { t } = vscode.l10n;
    const answer = await askPick<boolean>({
      ...place,
      placeholder: problem ?? t('{0} asks Slurm for this. Submit it?', script),
      items:
        problem === undefined
          ? [
              { label: t('Submit the Batch Script'), description: script, value: true },
              ...(lines.length > 0
                ? lines.map((label) => ({ label }))
                : [{ label: t('It asks for nothing: the cluster decides') }]),
            ]
          : [{ label: t('Correct the Command'), description: script, value: false }],
    });
    return answer !== undefined && answer !== 'back' && !answer.value ? 'back' : answer;
  };
