import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { OperationsService } from '../engine/operationsService';
import { RemoteOperationsError } from '../operations/errors';
import { hasLog } from '../operations/applicable';
import { LogScreen } from '../views/logs/logScreen';
import { operationRow } from './operationRow';
import { secretRemover } from './secretWords';
import { checkedInput, knownOperation, operationId } from './toolInput';
import { dataNote, type Answer, type Tool, toolNames } from './tool';

const usualBytes = 8 * 1024;
const mostBytes = 64 * 1024;
const mostMatches = 50;
const longestMatch = 500;
/** Each takes a round trip, and a long log has thousands. */
const mostStretches = 8;

const schema = v.strictObject({
  id: operationId,
  tailBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostBytes)), usualBytes),
  search: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(300))),
});

type LogService = Pick<OperationsService, 'get' | 'hosts' | 'log' | 'searchLog' | 'spec'>;

/** The end of a log, or the lines of it that hold a text, as plain text and without the secrets that we know of. */
export const logTool = (service: LogService): Tool => ({
  name: toolNames.log,
  progressText: () => l10n.t('Reading the log of a remote operation'),
  async run(input, signal) {
    const { id, tailBytes, search } = checkedInput(schema, input);
    const view = knownOperation(service, id);
    if (!hasLog(view)) {
      throw new RemoteOperationsError(
        'NotApplicable',
        l10n.t('"{0}" has no log here: it has not begun, or it was not started from this list.', view.name),
      );
    }
    const withoutSecrets = secretRemover(await service.spec(id));
    // A model must not make a host ask the user for a password: what needs a login is told.
    const tail = await service.log(id, { maxBytes: tailBytes, mayAsk: false });
    const about = { note: dataNote, operation: await operationRow(service, view), logBytes: tail.size };
    if (tail.isMissing) {
      return () => ({ ...about, log: '', problem: 'There is no log yet, or it was removed from the host.' });
    }
    if (search !== undefined) {
      const { lines, searchedBytes } = await searched(service, id, search, signal);
      const shown = lines.map((line) => withoutSecrets(line).slice(0, longestMatch));
      return foundAnswer(about, shown, searchedBytes);
    }
    const text = withoutSecrets(plain(tail.text));
    return tailAnswer(about, tail.offset > 0 ? fromLineOn(text, 0) : text, tail.offset > 0);
  },
});

function tailAnswer(about: object, text: string, isCut: boolean): Answer {
  return (share) => {
    const from = Math.ceil(text.length * (1 - share));
    const log = from === 0 ? text : fromLineOn(text, from);
    return { ...about, ...((isCut || from > 0) && { shows: 'only the end of the log' }), log };
  };
}

const foundAnswer =
  (about: object, lines: readonly string[], searchedBytes: number): Answer =>
  (share) => {
    const kept = lines.slice(0, Math.ceil(Math.min(mostMatches, lines.length) * share));
    const more = lines.length - kept.length;
    return {
      ...about,
      searchedBytesFromTheEnd: searchedBytes,
      latestMatchesFirst: kept,
      ...(more > 0 && { more: `${more} more: look for a longer text` }),
    };
  };

/** From the end of the log on, until there are enough. */
async function searched(
  service: Pick<LogService, 'searchLog'>,
  id: string,
  text: string,
  signal: AbortSignal,
): Promise<{ lines: string[]; searchedBytes: number }> {
  const lines: string[] = [];
  let searchedBytes = 0;
  let before: number | undefined;
  for (let count = 0; count < mostStretches && lines.length < mostMatches && before !== 0; count++) {
    signal.throwIfAborted();
    const part = await service.searchLog(id, { text, ...(before !== undefined && { before }) });
    lines.push(...part.matches.reverse().map((match) => plain(match.text)));
    before = part.offset;
    searchedBytes = part.size - part.offset;
  }
  return { lines, searchedBytes };
}

/** As a terminal would show it in the end. */
function plain(text: string): string {
  const screen = new LogScreen();
  screen.write(text);
  return screen.text();
}

/** Without the line that is cut in two, unless there is no other. */
function fromLineOn(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(end === -1 ? from : end + 1);
}
