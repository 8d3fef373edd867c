import * as l10n from '@vscode/l10n';
import type { RunOptions } from '../../hosts/machine';
import { RemoteOperationsError } from '../../operations/errors';
import { field, unexpected } from '../answers';
import type { Block, Line } from '../frame';
import type { LogMatches, LogRange, LogSearch } from '../launcher';
import { logScript, searchScript } from './scripts';

/** Sends one of our scripts with these lines, and takes its answer whole. */
export type Send = (
  script: string,
  deadlineMs: number,
  lines: string[],
  limits?: Pick<RunOptions, 'maxOutputBytes'>,
) => Promise<Block>;

const readDeadlineMs = 20_000;
const searchDeadlineMs = 60_000;
/** What od makes of a byte: a blank and two digits, and a newline now and then. */
const hexBytesPerByte = 3.25;
const marginBytes = 65_536;
/** search.sh cuts lines to 320 bytes and stops after 201 of them. */
const mostMatches = 200;
const mostSearchBytes = (mostMatches + 1) * 321;
const blockBytes = 1024 * 1024;
const blocksPerSearch = 256;
/** Longer ones are no words to look for. */
const longestPatternBytes = 1000;
const longestCharacterBytes = 4;

const noLine: Line = { words: [], data: Buffer.alloc(0) };

/** A part of the log in an operation's run directory; no character of it is cut in two. */
export async function readLog(
  send: Send,
  hostName: string,
  id: string,
  range: { offset: number; maxBytes: number },
): Promise<LogRange | undefined> {
  const block = await send(logScript, readDeadlineMs, [`${id} ${range.offset} ${range.maxBytes}`], {
    maxOutputBytes: range.maxBytes * hexBytesPerByte + marginBytes,
  });
  const { words, data } = block.lines[0] ?? noLine;
  if (words[0] === 'none') {
    return undefined;
  }
  const [tag, size, offset] = [words[0], Number(words[1]), Number(words[2])];
  if (tag !== 'log' || !Number.isSafeInteger(size) || !Number.isSafeInteger(offset)) {
    throw unexpected(hostName);
  }
  const [from, to] = wholeCharacters(data, offset > 0);
  return { text: data.toString('utf8', from, to), offset: offset + from, end: offset + to, size };
}

/** Where in these bytes whole characters begin and end. What is no UTF-8 stays. */
export function wholeCharacters(data: Buffer, mayBeginWithin: boolean): [from: number, to: number] {
  let from = 0;
  while (mayBeginWithin && from < longestCharacterBytes - 1 && isContinuation(data[from])) {
    from++;
  }
  const last = Math.max(from, data.length - longestCharacterBytes + 1);
  for (let at = data.length - 1; at >= last; at--) {
    if (!isContinuation(data[at])) {
      return [from, at + lengthOf(data[at] as number) > data.length ? at : data.length];
    }
  }
  // Asked for so few bytes that there is no whole one: better these than none.
  return from >= data.length ? [0, data.length] : [from, data.length];
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Of the character that begins with this byte. */
const lengthOf = (byte: number): number =>
  byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;

/** Lines of one stretch of the log that hold a text, found on the host. */
export async function searchLog(
  send: Send,
  hostName: string,
  id: string,
  { text, before }: LogSearch,
): Promise<LogMatches | undefined> {
  refuseBadPattern(text);
  const isAnyCase = text === text.toLowerCase();
  const limit = before === undefined ? '-' : String(Math.ceil(before / blockBytes));
  const request = `${id} ${limit} ${blocksPerSearch} ${isAnyCase ? 'any-case' : 'exact'}`;
  const block = await send(searchScript, searchDeadlineMs, [request, field(text)], {
    maxOutputBytes: mostSearchBytes * hexBytesPerByte + marginBytes,
  });
  const { words, data } = block.lines[0] ?? noLine;
  if (words[0] === 'none') {
    return undefined;
  }
  const [tag, size, first] = [words[0], Number(words[1]), Number(words[2])];
  if (tag !== 'found' || !Number.isSafeInteger(size) || !Number.isSafeInteger(first)) {
    throw unexpected(hostName);
  }
  const offset = first * blockBytes;
  const found = matchesIn(data, offset, hostName).filter(
    // The line that begins before this stretch was, or will be, found with the stretch before it.
    (match) =>
      match.offset <= offset + blocksPerSearch * blockBytes && (offset === 0 || match.offset > offset),
  );
  return { matches: found.slice(0, mostMatches), isWhole: found.length <= mostMatches, offset, size };
}

function matchesIn(data: Buffer, offset: number, hostName: string): LogMatches['matches'] {
  const lines = data.toString('latin1').split('\n').slice(0, -1);
  if (lines.includes('failed')) {
    throw new RemoteOperationsError(
      'BadAnswer',
      l10n.t(
        'The log cannot be searched on {0}: a line of it is too long. Read it there in a terminal.',
        hostName,
      ),
    );
  }
  return lines.map((line) => {
    const [, at, rest = ''] = /^(\d{1,15}):([^]*)$/.exec(line) ?? [];
    if (at === undefined) {
      throw unexpected(hostName);
    }
    const bytes = Buffer.from(rest, 'latin1');
    const [from, to] = wholeCharacters(bytes, false);
    return { offset: offset + Number(at), text: bytes.toString('utf8', from, to) };
  });
}

function refuseBadPattern(text: string): void {
  if (text === '' || Buffer.byteLength(text) > longestPatternBytes || /[\n\r\0]/.test(text)) {
    throw new RemoteOperationsError(
      'InvalidInput',
      l10n.t('A text to look for in a log is one line of at most {0} bytes.', longestPatternBytes),
    );
  }
}
