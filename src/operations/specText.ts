import * as v from 'valibot';

/** A text field of a spec. */
export const text = (what: string, most: number) =>
  v.pipe(
    v.string(`${what} must be text.`),
    v.maxLength(most, `${what} is longer than ${most} characters.`),
    v.check((value) => !value.includes('\0'), `${what} must not contain a NUL character.`),
  );
