import { homedir, userInfo } from 'node:os';
import { localFiles } from './hosts/localFiles';
import type { ResolveOptions } from './hosts/sshConfig';
import { askSsh } from './hosts/sshProgram';
import { sshFiles } from './settings';

/** The SSH config of this computer, or the file that the settings name, and the `ssh` that reads it. */
export function sshSource(): ResolveOptions {
  const { configFile, knownHostsFile } = sshFiles();
  return {
    home: homedir(),
    user: userInfo().username,
    env: process.env,
    askSsh,
    ...(configFile && { configFile }),
    ...(knownHostsFile && { knownHostsFile }),
    ...localFiles,
  };
}
