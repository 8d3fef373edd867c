import type { SubmitSpec } from '../operations/operation';
import { looksSecret } from '../operations/secretName';

/** What is shorter stands in any text by chance. */
const shortestSecret = 4;
const longestHalf = 500;

/**
 * Takes out of a text what the variables of an operation hold whose names look secret, be it in several lines.
 * A program that writes its token to its log must not hand it to a model.
 */
export function secretRemover({ env = {} }: Pick<SubmitSpec, 'env'>): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => looksSecret(name))
    .flatMap(([name, value]) => [value, ...value.split('\n')].map((part) => [name, part.trim()] as const))
    .filter(([, part]) => part.length >= shortestSecret)
    // The longest first, or of one that holds another the rest would stay.
    .sort(([, a], [, b]) => b.length - a.length);
  return (text) =>
    secrets.reduce((rest, [name, secret]) => {
      const mark = `[value of ${name}]`;
      return withoutHalves(
        rest.replaceAll(secret, () => mark),
        secret,
        mark,
      );
    }, text);
}

/** A text that was cut may begin with the end of a secret, or end with its beginning. */
function withoutHalves(text: string, secret: string, mark: string): string {
  let rest = text;
  const lengths = Array.from({ length: Math.min(longestHalf, secret.length) }, (_, at) => at + 1).filter(
    (length) => length >= shortestSecret && length < secret.length,
  );
  const head = lengths.findLast((length) => rest.startsWith(secret.slice(-length)));
  rest = head === undefined ? rest : `${mark}${rest.slice(head)}`;
  const tail = lengths.findLast((length) => rest.endsWith(secret.slice(0, length)));
  return tail === undefined ? rest : `${rest.slice(0, -tail)}${mark}`;
}
