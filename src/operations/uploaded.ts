import type { Operation, SubmitSpec } from './operation';

/** Where the files of an operation lie on its host (`SubmitSpec.uploadFrom`). Paths are absolute. */
export interface Uploaded {
  path: string;
  /** `path` itself, or the folder of a single file. */
  folder: string;
  /** Only there, or in that folder of all runs, wherever it is mounted. */
  machineId: string;
  runsId?: string;
}

/** Whether it is `queued` because its files are not on its host yet. */
export const awaitsUpload = ({
  status,
  archived,
  spec,
  uploaded,
}: Pick<Operation, 'status' | 'archived' | 'spec' | 'uploaded'>): boolean =>
  status === 'queued' && !archived && spec.uploadFrom !== undefined && uploaded === undefined;

/** Whether what was uploaded lies somewhere else than where it would be started now. */
export function isElsewhere(
  { machineId, runsId }: Pick<Uploaded, 'machineId' | 'runsId'>,
  place: Pick<Uploaded, 'machineId' | 'runsId'>,
): boolean {
  const shares = runsId !== undefined && place.runsId !== undefined;
  return shares ? runsId !== place.runsId : machineId !== place.machineId;
}

/** What is launched: the spec, and with uploaded files, in their folder unless another one was asked for. */
export function launchedSpec({ spec, uploaded }: Pick<Operation, 'spec' | 'uploaded'>): SubmitSpec {
  return uploaded
    ? { ...spec, cwd: spec.cwd ?? uploaded.folder, env: { ...spec.env, REMOTE_OPS_UPLOAD: uploaded.path } }
    : spec;
}
