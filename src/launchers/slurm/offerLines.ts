import { printable } from '../../hosts/destination';
import type { Account, Partition } from '../../operations/operationView';
import type { Line } from '../frame';

const name = /^\w[\w.+-]{0,199}$/;
const unsaid = new Set(['', '(null)', 'n/a', 'NONE']);

/** A `partition` line (offer.sh): `NAME|LIMIT|GRES|AVAILABILITY|DEFAULT_TIME`, a star behind the name of the default. */
export function parsePartition(line: string): Partition | undefined {
  const [starred = '', limit = '', gres = '', availability, defaultTime = ''] = line.split('|');
  const plain = starred.replace(/\*$/, '');
  if (!name.test(plain) || availability !== 'up') {
    return undefined;
  }
  return {
    name: plain,
    isDefault: starred !== plain,
    ...(!unsaid.has(limit) && { timeLimit: printable(limit) }),
    ...(!unsaid.has(defaultTime) && { defaultTime: printable(defaultTime) }),
    ...(!unsaid.has(gres) && { gres: printable(gres) }),
  };
}

/** An `account` line (offer.sh): `NAME|PARTITION|QOS,...`. */
export function parseAccount(line: string): Account | undefined {
  const [account = '', partition = '', qos = ''] = line.split('|');
  if (!name.test(account) || (partition !== '' && !name.test(partition))) {
    return undefined;
  }
  const names = qos.split(',').filter((each) => name.test(each));
  return { name: account, ...(partition !== '' && { partition }), qos: names };
}

/** One line for each kind of node that a partition has, and one for each QOS list of an account. */
export function offered(lines: readonly Line[]): { partitions: Partition[]; accounts: Account[] } {
  const rest = (tag: string) =>
    lines.filter(({ words }) => words[0] === tag).map(({ words }) => words.slice(1).join(' '));
  return {
    partitions: merged(rest('partition').flatMap((line) => parsePartition(line) ?? [])),
    accounts: rest('account').flatMap((line) => parseAccount(line) ?? []),
  };
}

function merged(partitions: readonly Partition[]): Partition[] {
  const byName = new Map<string, Partition>();
  for (const one of partitions) {
    const before = byName.get(one.name);
    const gres = [...new Set([before?.gres, one.gres].filter((each) => each !== undefined))].join(',');
    byName.set(one.name, { ...one, ...(gres && { gres }) });
  }
  return [...byName.values()];
}
