import { readSbatchLines } from '../../operations/sbatchLines';
import { shellWord } from '../../operations/shellWord';
import type { Draft } from '../../operations/spec';

export interface LocalFile {
  name: string;
  /** Missing when it is too large, or no text. */
  text?: string;
  /** When it lies on the computer that uploads. */
  path?: string;
}

export interface FileDraft {
  draft: Draft;
  /** The file itself must be on the host, and nothing brings it there. */
  isElsewhere?: true;
  /** Lines of a batch script that have no field. */
  notTaken: string[];
}

/**
 * The file is not on the host. A shell script becomes the command, and what a batch script asks for the options; a
 * program is uploaded: alone, as its folder may hold what is large or secret.
 */
export function fileDraft({ name, text, path }: LocalFile): FileDraft {
  const isPython = /\.py$/iu.test(name);
  if (isPython || text === undefined) {
    const program = isPython ? 'python' : 'bash';
    const command = `${program} ${/^[\w.][\w.-]*$/.test(name) ? name : shellWord(`./${name}`)}`;
    return path === undefined
      ? { draft: { name, command }, isElsewhere: true, notTaken: [] }
      : { draft: { name, command, uploadFrom: path }, notTaken: [] };
  }
  if (!/\.sbatch$/iu.test(name) && !/^#SBATCH\s/mu.test(text)) {
    return { draft: { name, command: text }, notTaken: [] };
  }
  const { draft, notTaken } = readSbatchLines(text);
  return { draft: { name, ...draft, type: 'job', launcher: 'slurm', command: text }, notTaken };
}
