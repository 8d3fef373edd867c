import { batchScriptFile, commandFile } from './commandFile';
import type { SubmitSpec } from './operation';
import type { PueueOptions } from './pueueOptions';
import { sbatchOptions } from './sbatchOptions';
import { looksSecret } from './secretName';
import { shellWord } from './shellWord';

/** What happens on the host, as its launcher makes it; the id and the log's place are added when it is sent. */
export interface LaunchPreview {
  /** The command line that hands it to a scheduler; missing where it is run at once. */
  request?: string;
  /** The text of `cmd.sh`: what then runs. */
  file: string;
}

const concealed = '••••••••';

/** Values that look like secrets are concealed. @throws `InvalidInput`: a text with a NUL character */
export function launchPreview(spec: SubmitSpec): LaunchPreview {
  const shown = uploaded({ ...spec, ...(spec.env && { env: concealSecrets(spec.env) }) });
  switch (spec.launcher) {
    case 'slurm': {
      const { script } = spec.slurm ?? {};
      return {
        request: line('sbatch', ...sbatchOptions(spec), script?.trim() ?? 'cmd.sh'),
        file: script === undefined ? commandFile(shown) : batchScriptFile(shown),
      };
    }
    case 'pueue':
      return {
        request: line('pueue', 'add', ...pueueOptions(spec.pueue), '--', 'sh', 'cmd.sh'),
        file: commandFile(shown),
      };
    default:
      return { file: commandFile(shown) };
  }
}

/** Files that are uploaded first lie in a folder that is named when they are sent. */
const uploaded = (spec: SubmitSpec): SubmitSpec =>
  spec.uploadFrom === undefined
    ? spec
    : {
        ...spec,
        cwd: spec.cwd ?? '~/.remote-ops/uploads/...',
        env: { ...spec.env, REMOTE_OPS_UPLOAD: '~/.remote-ops/uploads/...' },
      };

const concealSecrets = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, looksSecret(name) && value ? concealed : value]),
  );

/** As submit.sh of pueue gives them. */
const pueueOptions = ({ group, priority }: PueueOptions = {}): string[] => [
  ...(group === undefined ? [] : [`--group=${group}`]),
  ...(priority === undefined ? [] : [`--priority=${priority}`]),
];

const line = (...words: string[]): string =>
  words.map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : shellWord(word))).join(' ');
