import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';

type Exited = Extract<Evidence, { kind: 'exited' }>;

/** Ended by TERM or KILL. */
const signalled: ReadonlySet<number> = new Set([143, 137]);

/**
 * What a look showed of an operation, by Slurm (`job`) and by its run directory. An exit code is stronger than what Slurm
 * says, and a process that lives here and is provably the operation's is stronger than an absence. Else its run directory,
 * which is filled on other nodes, says nothing of life. `undefined`: this look tells nothing.
 *
 * @param job missing where Slurm was not asked
 */
export function combined(
  { status }: Pick<Operation, 'status'>,
  job: Evidence | undefined,
  run: Evidence | undefined,
): Evidence | undefined {
  if (run?.kind === 'exited' && (status === 'stopping' || !isForSlurmToTell(run, job))) {
    return run;
  }
  const progress = run && 'progress' in run ? run.progress : undefined;
  if (job?.kind === 'alive') {
    const quietSeconds = run?.kind === 'alive' ? run.quietSeconds : undefined;
    return { ...job, ...(progress && { progress }), ...(quietSeconds !== undefined && { quietSeconds }) };
  }
  if (job?.kind === 'absent') {
    if (run?.kind === 'alive') {
      return run;
    }
    return progress ? { ...job, progress } : job;
  }
  return job ?? (progress && { kind: 'progress', progress });
}

/**
 * What Slurm requeues or preempts it ends by TERM or KILL: that exit code does not tell what becomes of the job. Slurm
 * does, once all that it has of it is an end, and one after which it may not start again.
 */
function isForSlurmToTell({ exitCode, killDelivered }: Exited, job: Evidence | undefined): boolean {
  const isTold = job?.kind === 'settled' || (job?.kind === 'absent' && job.fromScheduler !== 'lost');
  return signalled.has(exitCode) && !killDelivered && !isTold;
}
