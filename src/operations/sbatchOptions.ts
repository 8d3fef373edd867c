import type { SubmitSpec } from './operation';

/** What sbatch is given: `--name=value` each. Every value was checked to be one (slurmOptions.ts). */
export function sbatchOptions({ slurm = {}, gpus }: SubmitSpec): string[] {
  const { partition, account, qos, time, cpus, memory, nodes, array, dependency, script } = slurm;
  const gres = [...(gpus ? [`gpu:${gpus}`] : []), ...(slurm.gres === undefined ? [] : [slurm.gres])].join(
    ',',
  );
  // At most one execution, unless it was said that Slurm may repeat it. A script of others says so itself.
  const requeue = slurm.requeue ?? (script === undefined ? false : undefined);
  const values = {
    partition,
    account,
    qos,
    time,
    'cpus-per-task': cpus,
    mem: memory,
    gres: gres || undefined,
    nodes,
    array,
    dependency,
  };
  return [
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...(requeue === undefined ? [] : [requeue ? '--requeue' : '--no-requeue']),
  ];
}
