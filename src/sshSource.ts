import { homedir, userInfo } from 'node:os';
import { localFiles } from './hosts/localFiles';
import type { ResolveOptions } from './hosts/sshConfig';
import { sshFiles } from './settings';

/** The SSH config of this computer, or the file that the settings name. */
export function sshSource(): ResolveOptions {
  const { configFile } = sshFiles();
  return {
    home: homedir(),
    user: userInfo().username,
    env: process.env,
    ...(configFile && { configFile }),
    ...localFiles,
  };
}
