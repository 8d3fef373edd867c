import * as l10n from '@vscode/l10n';
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
  /** Of the folder of all runs; missing where it has none, or is not there. */
  runsId?: string;
  lines: Line[];
}

const unsaid = '-';
const nothing = Buffer.alloc(0);
/** A request is about 2,000 operations at most, with a line or two for each. */
const mostLines = 20_000;
/** od writes 16 bytes to a line. */
const mostHexCharacters = 65_536;

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
      l10n.t(
        '{0} gave an incomplete answer ({1}). Nothing was concluded from it; it is asked again.',
        hostName,
        what,
      ),
    );
  const begin = `\nremote-ops begin ${nonce} `;
  const text = `\n${output}`;
  const beginAt = text.indexOf(begin);
  if (beginAt < 0) {
    throw bad(l10n.t('no begin line'));
  }
  const bodyAt = text.indexOf('\n', beginAt + 1) + 1;
  const end = `\nremote-ops end ${nonce} `;
  // From the newline of the begin line on: the block may be empty.
  const endAt = bodyAt > 0 ? text.indexOf(end, bodyAt - 1) : -1;
  const afterEnd = endAt < 0 ? -1 : text.indexOf('\n', endAt + 1);
  // Without a newline behind it, an end line may be cut short.
  if (afterEnd < 0) {
    throw bad(l10n.t('no end line'));
  }
  const [machineId, bootId, uptime, runsId = unsaid] = text
    .slice(beginAt + begin.length, bodyAt - 1)
    .split(' ');
  if (!machineId || !bootId || !uptime) {
    throw bad(l10n.t('a short begin line'));
  }
  const lines = readLines(text.slice(bodyAt, endAt + 1));
  if (lines === undefined || text.slice(endAt + end.length, afterEnd) !== String(lines.length)) {
    throw bad(l10n.t('lines are missing'));
  }
  return {
    machineId,
    bootId,
    uptimeSeconds: uptime === unsaid ? undefined : Number.parseFloat(uptime),
    ...(runsId !== unsaid && { runsId }),
    lines,
  };
}

/** Line by line, and each into what is kept of it: a hostile host may send millions. */
function readLines(text: string): Line[] | undefined {
  const lines: Line[] = [];
  let hex: Buffer[] = [];
  const keepHex = () => {
    const line = lines.at(-1);
    if (line && hex.length > 0) {
      line.data = Buffer.concat(hex);
      hex = [];
    }
  };
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    if (text[at] === ' ') {
      const row = text.slice(at, end);
      if (lines.length === 0 || row.length > mostHexCharacters || !/^( [0-9a-f]{2})+ *$/.test(row)) {
        return undefined;
      }
      hex.push(Buffer.from(row.replaceAll(' ', ''), 'hex'));
    } else {
      keepHex();
      if (lines.length >= mostLines) {
        return undefined;
      }
      lines.push({ words: text.slice(at, end).split(' '), data: nothing });
    }
    at = end + 1;
  }
  keepHex();
  return lines;
}
