import type { SubmitSpec } from '../../operations/operation';
import { parseSpec } from '../../operations/spec';
import type { WatchFolderConfig } from './config';

/** What operations of a watch folder are made from; `${caseName}` and `${remoteDir}` stand for those of the case. */
export type Template = Partial<Omit<SubmitSpec, 'hostId'>> & Record<string, unknown>;

export interface CasePlace {
  caseName: string;
  /** Where the case lies on the host. */
  remotePath: string;
}

const variable = /\$\{(caseName|remoteDir)\}/g;

/**
 * The spec of a case's operation. The command is handed over as it is, and the shell puts the values in, as
 * variables: a name with quotes or `$(...)` in it cannot become a command.
 * @throws RemoteOperationsError `InvalidInput`
 */
export function expand(
  { hostId, template }: Pick<WatchFolderConfig, 'hostId' | 'template'>,
  { caseName, remotePath }: CasePlace,
): SubmitSpec {
  const filled = (text: string) =>
    text.replace(variable, (_, name) => (name === 'caseName' ? caseName : remotePath));
  const fill = (value: unknown): unknown => (typeof value === 'string' ? filled(value) : value);
  const { command, env, slurm, ...others } = template;
  const fields = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, fill(value)]));
  const script = slurm?.script;
  return parseSpec({
    type: 'job',
    name: caseName,
    cwd: remotePath,
    ...fields,
    hostId,
    ...(command !== undefined && { command: typeof command === 'string' ? quoteBare(command) : command }),
    env: {
      ...(typeof env === 'object' &&
        Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)]))),
      caseName,
      remoteDir: remotePath,
    },
    ...(slurm && { slurm: { ...slurm, ...(script !== undefined && { script: fill(script) }) } }),
  });
}

/**
 * Puts double quotes around variables that stand outside of quotes, so that a name with blanks stays one word.
 * Where this misjudges a command, a name may be split, but never run.
 */
export function quoteBare(command: string): string {
  let quote = '';
  return command.replace(/\\[^]|['"]|\$\{(?:caseName|remoteDir)\}/g, (found) => {
    if (found.length === 1) {
      quote = quote === '' ? found : quote === found ? '' : quote;
    }
    // Within single quotes, a backslash is none.
    if (found === "\\'" && quote === "'") {
      quote = '';
    }
    return found.startsWith('${') && quote === '' ? `"${found}"` : found;
  });
}
