import type { Block, Line } from '../frame';

/** What a host told about a part of its operations: the newest line of each kind. */
export interface Facts {
  operations: ReadonlyMap<string, Line>;
  /** What progress.json holds. */
  progress: ReadonlyMap<string, Line>;
  /** The end of the log, where progress.json is of no use. */
  logs: ReadonlyMap<string, Line>;
  ports: Line | undefined;
  quiet: Line | undefined;
}

export const noFacts: Facts = {
  operations: new Map(),
  progress: new Map(),
  logs: new Map(),
  ports: undefined,
  quiet: undefined,
};

/** Adds what a block tells, a full or a delta one, to what was known before it. */
export function mergeFacts(known: Facts, { lines }: Block): Facts {
  const operations = new Map(known.operations);
  const progress = new Map(known.progress);
  const logs = new Map(known.logs);
  let { ports, quiet } = known;
  for (const line of lines) {
    const [tag, id] = line.words;
    if (tag === 'op' && id) {
      operations.set(id, line);
    } else if (tag === 'progress') {
      for (const { isLog, id: of, data } of splitFiles(line.data)) {
        (isLog ? logs : progress).set(of, { words: [isLog ? 'log' : 'progress', of], data });
      }
    } else if (tag === 'ports') {
      ports = line;
    } else if (tag === 'quiet') {
      quiet = line;
    }
  }
  return { operations, progress, logs, ports, quiet };
}

export const linesOf = ({ operations, progress, logs, ports, quiet }: Facts): Line[] => [
  ...operations.values(),
  ...progress.values(),
  ...logs.values(),
  ...(ports ? [ports] : []),
  ...(quiet ? [quiet] : []),
];

interface ToldFile {
  isLog: boolean;
  id: string;
  data: Buffer;
}

/**
 * All files that changed come in one piece: "=ID" for progress.json or "~ID" for a log, and the file's lines with
 * a blank before each. One that is told twice may be the work of another log: it tells nothing.
 */
function splitFiles(data: Buffer): ToldFile[] {
  const files = new Map<string, string[]>();
  let lines: string[] = [];
  // Latin 1 keeps every byte as it is.
  for (const line of data.toString('latin1').split('\n')) {
    if (/^[=~]/.test(line)) {
      lines = [];
      files.set(line, files.has(line) ? [] : lines);
    } else if (line.startsWith(' ')) {
      lines.push(line.slice(1));
    }
  }
  return [...files].map(([head, text]) => ({
    isLog: head.startsWith('~'),
    id: head.slice(1),
    data: Buffer.from(text.join('\n'), 'latin1'),
  }));
}
