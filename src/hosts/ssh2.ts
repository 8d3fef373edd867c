import type * as ssh2 from 'ssh2';
import { certificateAlgorithms } from './hostCertificate';

export type Ssh2 = typeof ssh2;

/** Loads the SSH library on first use: activation must not pay for it. */
export async function loadSsh2(): Promise<Ssh2> {
  const [loaded, constants] = await Promise.all([import('ssh2'), import('ssh2/lib/protocol/constants.js')]);
  const { SUPPORTED_SERVER_HOST_KEY: supported } = moduleOf(constants);
  // They are offered to a host only where its certificate can be checked.
  supported.push(...certificateAlgorithms.filter((name) => !supported.includes(name)));
  return moduleOf(loaded);
}

/** A CommonJS module, which an import may have wrapped. */
const moduleOf = <T>(loaded: T & { default?: T }): T => loaded.default ?? loaded;
