import * as v from 'valibot';
import type { Adopted, SubmitSpec } from '../../operations/operation';
import type { LauncherName } from '../../operations/operationView';
import { parseSpec } from '../../operations/spec';
import { unexpected } from '../answers';
import type { Block, Line } from '../frame';
import { outputOf } from './adoption';

/** A run directory, by what was recorded in it when it was made. */
export interface RunDirectory {
  id: string;
  spec: SubmitSpec;
  launcher: LauncherName;
  submittedAt: string;
  exitCode?: number;
  /** Its process was started elsewhere. */
  adopted?: Adopted;
}

export interface RunDirectories {
  machineId: string;
  runsId?: string;
  /** The newest first. */
  runs: RunDirectory[];
  /** How many have no record that can be read. */
  unreadable: number;
  /** How many older ones were left out. */
  more: number;
}

const recordSchema = v.looseObject({
  id: v.string(),
  submittedAt: v.pipe(v.string(), v.isoTimestamp()),
});

/** Takes the answer of runs.sh. @throws RemoteOperationsError `BadAnswer` */
export function readRunDirectories(
  { lines, machineId, runsId }: Block,
  hostId: string,
  hostName: string,
): RunDirectories {
  const found: RunDirectories = {
    machineId,
    ...(runsId !== undefined && { runsId }),
    runs: [],
    unreadable: 0,
    more: 0,
  };
  for (const line of lines) {
    const [kind, word = ''] = line.words;
    if (kind === 'more' && /^\d{1,9}$/.test(word)) {
      found.more = Number(word);
    } else if (kind !== 'run' || line.words.length !== 5) {
      throw unexpected(hostName);
    } else if (mayHaveRun(line)) {
      const run = runOf(line, hostId);
      if (run) {
        found.runs.push(run);
      } else {
        found.unreadable += 1;
      }
    }
  }
  return found;
}

/** Without a claim nothing was executed, unless a scheduler has it and will. */
const mayHaveRun = ({ words: [, , , claimed, launcher] }: Line): boolean =>
  claimed === 'yes' || launcher === 'slurm' || launcher === 'pueue';

function runOf(
  { words: [, id = '', code = '', , launcher = ''], data }: Line,
  hostId: string,
): RunDirectory | undefined {
  try {
    const { submittedAt, id: recorded, ...spec } = v.parse(recordSchema, JSON.parse(data.toString('utf8')));
    if (recorded !== id) {
      return undefined;
    }
    const parsed = parseSpec({ ...spec, hostId, ...(launcher === 'slurm' && { launcher }) });
    return {
      id,
      spec: parsed,
      launcher: parsed.launcher ?? 'process',
      submittedAt: new Date(submittedAt).toISOString(),
      ...(/^\d{1,3}$/.test(code) && { exitCode: Number(code) }),
      ...(launcher.startsWith('adopted:') && { adopted: { output: outputOf(launcher.split(':')[1]) } }),
    };
  } catch {
    // Cut short, of a later version, or none of ours.
    return undefined;
  }
}
