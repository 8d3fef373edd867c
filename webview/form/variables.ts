/** Reads lines of `NAME=value`, as `.env` files and shells have them. Pure. */
import type { Variable } from '../../src/views/newOperation/protocol';

/** `undefined`: the text is something else. Empty lines and comments are left out. */
export function readVariables(text: string): Variable[] | undefined {
  const lines = text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const variables = lines.map((line) => {
    const [, name, value = ''] = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/u.exec(line) ?? [];
    return name === undefined ? undefined : { name, value: value.replace(/^(["'])(.*)\1$/u, '$2') };
  });
  const read = variables.filter((variable) => variable !== undefined);
  return read.length > 0 && read.length === variables.length ? read : undefined;
}
