/** Lets what may ask the user take turns: VS Code closes a picker as soon as another one opens. */
export function oneByOne(): <T>(ask: () => Promise<T>) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve();
  return (ask) => {
    const asked = before.then(ask);
    before = asked.catch(() => undefined);
    return asked;
  };
}

/** The same for what has one key, apart from what has another. */
export function oneByOneEach(): <T>(key: string, act: () => Promise<T>) => Promise<T> {
  const turns = new Map<string, ReturnType<typeof oneByOne>>();
  return (key, act) => {
    const inTurn = turns.get(key) ?? oneByOne();
    turns.set(key, inTurn);
    return inTurn(act);
  };
}
