import type { Evidence } from '../../operations/evidence';
import type { Operation } from '../../operations/operation';

type Exited = Extract<Evidence, { kind: 'exited' }>;

/** Ended by TERM or KILL. */
const signalled: ReadonlySet<number> = new Set([143, 137]);

/**
 * What a look showed of an operation, by Slurm (`job`) and by its run directory. An exit code is stronger than what Slurm
 * says, except that Slurm knows why it ended a job by a signal (a limit, a preemption). A process that lives here and is
 * provably the operation's is stronger than an absence. Else its run directory, which is filled on other nodes, says
 * nothing of life. `undefined`: this look tells nothing.
 *
 * @param job missing where Slurm was not asked
 */
export function combined(
  { status }: Pick<Operation, 'status'>,
  job: Evidence | undefined,
  run: Evidence | undefined,
): Evidence | undefined {
  if (run?.kind === 'exited' && (status === 'stopping' || !isBySignal(run))) {
    return run;
  }
  if (run?.kind === 'exited' && isTold(job)) {
    return isCalled(job) ? withCode(job, run) : run;
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
 * What Slurm requeues, preempts or stops at a limit it ends by TERM or KILL: that exit code does not tell what becomes of
 * the job, nor why. Slurm does, once all that it has of it is an end, and one after which it may not start again.
 */
const isBySignal = ({ exitCode, killDelivered }: Exited): boolean =>
  signalled.has(exitCode) && !killDelivered;

const isTold = (job: Evidence | undefined): boolean =>
  job?.kind === 'settled' || (job?.kind === 'absent' && job.fromScheduler !== 'lost');

/** What the run directory tells stays: how far it came, and when it ended, where Slurm does not say. */
const withCode = (
  job: Extract<Evidence, { kind: 'settled' }>,
  { exitCode, progress, endedSecondsAgo }: Exited,
): Evidence => ({
  ...(endedSecondsAgo !== undefined && { endedSecondsAgo }),
  ...job,
  exitCode,
  ...(progress && { progress }),
});

/** Slurm has a name for the failure that says more than the exit code. */
const isCalled = (job: Evidence | undefined): job is Extract<Evidence, { kind: 'settled' }> =>
  job?.kind === 'settled' && job.state === 'failed' && job.scheduler?.state !== 'FAILED';
