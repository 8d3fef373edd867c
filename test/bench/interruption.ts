import { constants } from 'node:os';

/** Resolves as the work does, or rejects at Ctrl+C, so that what was started can be ended. */
export function untilInterrupted<T>(work: Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handlers = new Map<NodeJS.Signals, () => void>();
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of signals) {
      handlers.set(signal, () => reject(new Interrupted(signal)));
    }
  });
  handlers.forEach((handler, signal) => process.on(signal, handler));
  return Promise.race([work, interrupted]).finally(() =>
    handlers.forEach((handler, signal) => process.off(signal, handler)),
  );
}

class Interrupted extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}.`);
  }
}

/** Says why a program's main function failed, and ends it: something may still be under way. */
export function endWith(error: unknown): never {
  console.error(error instanceof Interrupted ? error.message : error);
  process.exit(error instanceof Interrupted ? 128 + constants.signals[error.signal] : 1);
}
