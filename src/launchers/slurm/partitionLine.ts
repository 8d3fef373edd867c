import { printable } from '../../hosts/destination';
import type { Partition } from '../../operations/operationView';

/** A `partition` line (partitions.sh): `NAME|LIMIT|GRES|AVAILABILITY`, a star behind the name of the default. */
export function parsePartition(line: string): Partition | undefined {
  const [starred = '', limit = '', gres = '', availability] = line.split('|');
  const name = starred.replace(/\*$/, '');
  if (!/^[\w.+-]{1,200}$/.test(name) || availability !== 'up') {
    return undefined;
  }
  return {
    name,
    isDefault: starred !== name,
    ...(limit !== '' && { timeLimit: printable(limit) }),
    ...(!['', '(null)'].includes(gres) && { gres: printable(gres) }),
  };
}
