import { RemoteOperationsError } from '../operations/errors';

/** A line of a framed answer, with the binary data that followed it. */
export interface Line {
  words: string[];
  data: Buffer;
}

/** A whole answer of one of our scripts. */
export interface Block {
  machineId: string;
  bootId: string;
  /** The host's uptime in seconds; `undefined` where it has no `/proc`. */
  uptimeSeconds: number | undefined;
  lines: Line[];
}

const unsaid = '-';

/**
 * Takes the block with this nonce out of what a script printed. Anything before its begin line (banners,
 * a noisy login shell) is ignored; a missing part, another nonce or a wrong count rejects the block whole:
 * half an answer must never count as an answer.
 *
 * @throws RemoteOperationsError `BadAnswer`
 */
export function parseBlock(output: string, nonce: string, hostName: string): Block {
  const bad = (what: string) =>
    new RemoteOperationsError(
      'BadAnswer',
      `${hostName} gave an incomplete answer (${what}). Nothing was concluded from it; it is asked again.`,
    );
  const all = output.split('\n');
  const beginAt = all.findIndex((line) => line.startsWith(`remote-ops begin ${nonce} `));
  if (beginAt < 0) {
    throw bad('no begin line');
  }
  const [, , , machineId, bootId, uptime] = (all[beginAt] as string).split(' ');
  const endAt = all.findIndex((line, at) => at > beginAt && line.startsWith(`remote-ops end ${nonce} `));
  // The last element has no newline behind it: an end line there may be cut short.
  if (endAt < 0 || endAt === all.length - 1) {
    throw bad('no end line');
  }
  if (!machineId || !bootId || !uptime) {
    throw bad('a short begin line');
  }
  const lines = readLines(all.slice(beginAt + 1, endAt));
  if (lines === undefined || String(lines.length) !== (all[endAt] as string).split(' ')[3]) {
    throw bad('lines are missing');
  }
  return {
    machineId,
    bootId,
    uptimeSeconds: uptime === unsaid ? undefined : Number.parseFloat(uptime),
    lines,
  };
}

function readLines(raw: string[]): Line[] | undefined {
  const lines: Line[] = [];
  const hex: string[][] = [];
  for (const text of raw) {
    if (!text.startsWith(' ')) {
      lines.push({ words: text.split(' '), data: Buffer.alloc(0) });
      hex.push([]);
    } else if (!/^( [0-9a-f]{2})+ *$/.test(text) || hex.length === 0) {
      return undefined;
    } else {
      hex.at(-1)?.push(text);
    }
  }
  return lines.map((line, at) => {
    const text = (hex[at] as string[]).join('').replaceAll(' ', '');
    return text ? { ...line, data: Buffer.from(text, 'hex') } : line;
  });
}
