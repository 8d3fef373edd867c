import type { Draft } from './spec';

export interface PortChange {
  draft: Draft;
  /** What differs besides the port, before and after: a line of the command, or `NAME=VALUE`. */
  changes: [before: string, after: string][];
}

/**
 * The draft with another port: in its field, in the command where the old number stands as a word (`--port=8188`,
 * `:8188/`, but not in `18188`, `8188.5` or `/data/8188`), and in variables that are named after a port and are it.
 */
export function withPort(draft: Draft, port: number): PortChange {
  const { port: before, command, env = {} } = draft;
  if (before === undefined) {
    return { draft: { ...draft, port }, changes: [] };
  }
  const [old, next] = [String(before), String(port)];
  const number = new RegExp(`(?<![\\w./-])${old}(?![\\w-]|\\.\\w)`, 'g');
  const lines = command?.split('\n') ?? [];
  const newLines = lines.map((line) => line.replace(number, next));
  const variables = Object.entries(env).filter(([name, value]) => /port/i.test(name) && value.trim() === old);
  return {
    draft: {
      ...draft,
      port,
      ...(command !== undefined && { command: newLines.join('\n') }),
      ...(variables.length > 0 && {
        env: { ...env, ...Object.fromEntries(variables.map(([name]) => [name, next])) },
      }),
    },
    changes: [
      ...lines.flatMap((line, at): [string, string][] =>
        line === newLines[at] ? [] : [[line, newLines[at] ?? '']],
      ),
      ...variables.map(([name, value]): [string, string] => [`${name}=${value}`, `${name}=${next}`]),
    ],
  };
}

const around = 24;

/** The part of a change that differs, with a little of what is around it. */
export function shortChange([before, after]: readonly [string, string]): string {
  let same = 0;
  while (same < before.length && before[same] === after[same]) {
    same++;
  }
  return `${partAt(before, same)}  \u2192  ${partAt(after, same)}`;
}

function partAt(text: string, at: number): string {
  const [from, to] = [Math.max(0, at - around), Math.min(text.length, at + around)];
  return `${from > 0 ? '\u2026' : ''}${text.slice(from, to)}${to < text.length ? '\u2026' : ''}`;
}
