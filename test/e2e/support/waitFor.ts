export interface WaitOptions {
  deadlineMs?: number;
  /** What is awaited, for the message when it does not come. */
  what: string;
}

/** Reads until the value is accepted. At the deadline, fails with the last value read. */
export async function waitFor<T>(
  read: () => Promise<T>,
  accept: (value: T) => boolean,
  { deadlineMs = 15_000, what }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await read();
    if (accept(value)) {
      return value;
    }
    if (performance.now() > deadline) {
      throw new Error(
        `Waited ${deadlineMs} ms in vain for ${what}. Last seen: ${JSON.stringify(value, null, 1)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
