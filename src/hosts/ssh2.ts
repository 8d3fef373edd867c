import type * as ssh2 from 'ssh2';

export type Ssh2 = typeof ssh2;

/** Loads the SSH library on first use: activation must not pay for it. */
export async function loadSsh2(): Promise<Ssh2> {
  const loaded: Ssh2 & { default?: Ssh2 } = await import('ssh2');
  return loaded.default ?? loaded;
}
