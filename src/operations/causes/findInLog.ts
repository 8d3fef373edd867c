import { readScreen } from '../logProgress/screen';
import { longestLine, mostLines, type LogFinding } from './cause';
import { matchLine, ruleNamed, type Match } from './logRules';
import { nodeCrash } from './nodeCrash';
import { pythonTraceback } from './pythonTraceback';

/** How far above the end a line may stand that still has to do with it. */
const mostLinesBack = 20;
/** A program that says why it ends may say a little more after that. */
const lastWords = 5;
const longestValue = 200;
/** Of signals that others send: SIGHUP, SIGINT, SIGKILL, SIGTERM, and the limits of processor time and file size. */
const sentByOthers: ReadonlySet<number> = new Set([129, 130, 137, 143, 152, 153]);

/**
 * Looks at the end of a log for what ended its program.
 * @param tail the last bytes of the log, as they are
 * @param exitCode missing where it left none. Of what was ended from outside its own words do not tell why: only what
 * the kernel, or the shell that waited for it, says of that.
 */
export function findInLog(tail: string, exitCode: number | undefined): LogFinding {
  // All of it was written: the last line is whole.
  const lines = readScreen(`${tail}\n`)
    .map(({ text }) => text)
    .filter((text) => text.trim() !== '');
  const found =
    exitCode === undefined || sentByOthers.has(exitCode)
      ? ofKilling(lines, exitCode)
      : (ofCrash(lines, exitCode) ?? ofLine(lines, exitCode));
  return found ?? { lines: shown(lines.slice(-mostLines)) };
}

function ofKilling(lines: readonly string[], exitCode = -1): LogFinding | undefined {
  for (const line of lines.toReversed()) {
    const match = matchLine(line, exitCode);
    if (match?.rule.isKilling) {
      return finding(match, [line], true);
    }
  }
  return undefined;
}

function ofCrash(lines: readonly string[], exitCode: number): LogFinding | undefined {
  const crash = nodeCrash(lines) ?? pythonTraceback(lines);
  const said = crash && lines[crash.said];
  if (!crash || said === undefined) {
    return undefined;
  }
  const isLast = lines.length - crash.said <= mostLinesBack;
  const match = matchLine(said, exitCode);
  if (match) {
    return finding(match, crash.deciding, isLast);
  }
  if (!isLast) {
    return undefined;
  }
  // What it was made of may tell more than what became of it.
  const earlier = lastMatch(lines, exitCode, crash.first, crash.said);
  return earlier
    ? finding(earlier.match, [earlier.line, ...crash.deciding], false)
    : {
        rule: crash.rule,
        values: [said.slice(0, longestValue)],
        // A thread may die of an error, and the program of something else.
        ...(exitCode !== 1 && { isLikely: true as const }),
        lines: shown(crash.deciding),
      };
}

function ofLine(lines: readonly string[], exitCode: number): LogFinding | undefined {
  const found = lastMatch(lines, exitCode, lines.length - mostLinesBack, lines.length);
  if (!found) {
    return undefined;
  }
  const { rule } = found.match;
  const isSure = found.at >= lines.length - lastWords || rule.exitCodes !== undefined;
  if (!isSure && rule.isOften) {
    return undefined;
  }
  return finding(found.match, lines.slice(found.at, found.at + mostLines), isSure);
}

function lastMatch(lines: readonly string[], exitCode: number, from: number, to: number) {
  for (let at = to - 1; at >= Math.max(0, from); at--) {
    const line = lines[at] ?? '';
    const match = matchLine(line, exitCode);
    if (match) {
      return { at, line, match };
    }
  }
  return undefined;
}

const finding = ({ rule, values }: Match, lines: readonly string[], isSure: boolean): LogFinding => ({
  rule: rule.id,
  ...(values.length > 0 && { values: values.map((value) => value.slice(0, longestValue)) }),
  ...(!isSure && { isLikely: true as const }),
  lines: shown(lines),
});

const shown = (lines: readonly string[]): string[] =>
  lines.slice(0, mostLines).map((line) => line.slice(0, longestLine));

/** What a finding means; nothing where it is only the last lines. */
export const titleOf = ({ rule, values = [] }: LogFinding): string | undefined =>
  ruleNamed(rule)?.title(values);
