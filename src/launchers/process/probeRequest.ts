import type { OperationType } from '../../operations/status';
import type { ProbeRequest } from '../launcher';

/** What probe.sh takes for a word: no shell makes anything else of it. */
const plainWord = /^[A-Za-z0-9_:@+-][A-Za-z0-9._:@+-]{0,254}$/;

/** What an identity holds came from the host's files: a word that is not plain is not worth sending back. */
const word = (value: string | number | undefined): string =>
  value !== undefined && plainWord.test(String(value)) ? String(value) : '-';

/** The lines of a request (probe.sh), by operation. An operation whose id is no plain word is left out. */
export function requestLines(requests: readonly ProbeRequest[]): Map<string, string> {
  const asked = requests.filter(({ operation }) => plainWord.test(operation.id));
  return new Map(
    asked.map(({ operation: { id, identity, spec, status }, detail, quietSeconds }) => {
      const awaitsPort = spec.port !== undefined && status !== 'running' && status !== 'paused';
      const words = [
        id,
        word(identity?.pid),
        word(identity?.startTicks),
        word(identity?.bootId),
        awaitsPort ? word(spec.port) : '-',
        detail ? detailOf(spec.type) : '-',
        word(quietSeconds),
      ];
      return [id, words.join(' ')];
    }),
  );
}

/** A server works towards no end: what looks like progress in its log is of something else. */
const detailOf = (type: OperationType): string => (type === 'server' ? 'detail' : 'log');
