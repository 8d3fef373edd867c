/** What the suite needs around VS Code, and what VS Code is told about it. */
export interface TestEnvironment {
  /** Seen by the tests as `process.env`. */
  env: NodeJS.ProcessEnv;
  settings?: Record<string, unknown>;
  stop(): Promise<void>;
}

export function prepareEnvironment(): Promise<TestEnvironment> {
  return Promise.resolve({ env: {}, stop: () => Promise.resolve() });
}
