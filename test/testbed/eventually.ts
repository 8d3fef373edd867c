const everyMs = 50;

/** Resolves with the first result that is not falsy; fails when there is none in time. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  withinMs = 20_000,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await look();
    if (result) {
      return result as Exclude<T, undefined | null | false>;
    }
    if (performance.now() > deadline) {
      throw new Error(`Not within ${withinMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
