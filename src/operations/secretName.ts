/** Whether a variable of this name likely holds what nobody else may see. */
export const looksSecret = (name: string): boolean =>
  /pass(?!ive)|pwd$|secret|token(?!s|i[sz])|credential|cookie|private|(^|_)(key|auth|pat)(_|$)|apikey/i.test(
    name,
  );
