import type { Block, Line } from '../frame';

/** What a host told about a part of its operations: the newest line of each kind. */
export interface Facts {
  operations: ReadonlyMap<string, Line>;
  progress: ReadonlyMap<string, Line>;
  ports: Line | undefined;
}

export const noFacts: Facts = { operations: new Map(), progress: new Map(), ports: undefined };

/** Adds what a block tells, a full or a delta one, to what was known before it. */
export function mergeFacts(known: Facts, { lines }: Block): Facts {
  const operations = new Map(known.operations);
  const progress = new Map(known.progress);
  let { ports } = known;
  for (const line of lines) {
    const [tag, id] = line.words;
    if (tag === 'op' && id) {
      operations.set(id, line);
    } else if (tag === 'progress') {
      for (const [of, data] of splitProgress(line.data)) {
        progress.set(of, { words: ['progress', of], data });
      }
    } else if (tag === 'ports') {
      ports = line;
    }
  }
  return { operations, progress, ports };
}

export const linesOf = ({ operations, progress, ports }: Facts): Line[] => [
  ...operations.values(),
  ...progress.values(),
  ...(ports ? [ports] : []),
];

/** All files that changed come in one piece: "=ID", and the file's lines with a blank before each. */
function splitProgress(data: Buffer): Map<string, Buffer> {
  const files = new Map<string, string[]>();
  let lines: string[] = [];
  // Latin 1 keeps every byte as it is.
  for (const line of data.toString('latin1').split('\n')) {
    if (line.startsWith('=')) {
      lines = [];
      files.set(line.slice(1), lines);
    } else if (line.startsWith(' ')) {
      lines.push(line.slice(1));
    }
  }
  return new Map([...files].map(([id, text]) => [id, Buffer.from(text.join('\n'), 'latin1')]));
}
