/** Lets what may ask the user take turns: VS Code closes a picker as soon as another one opens. */
export function oneByOne(): <T>(ask: () => Promise<T>) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve();
  return (ask) => {
    const asked = before.then(ask);
    before = asked.catch(() => undefined);
    return asked;
  };
}
