import type { HostConfig } from './machine';
import { scriptCommand, shellWord } from './quote';
import terminalScript from './terminal.sh';

export interface SshFiles {
  configFile?: string;
  knownHostsFile?: string;
  /** With the keys that the user accepted here. */
  ownKnownHostsFile: string;
}

/**
 * What `ssh` is called with for a terminal on a host, as the host and the SSH files are configured.
 * @param folder on the host; `~` is the home directory
 */
export function sshTerminalArguments(
  { host, user, port, identityFile }: HostConfig,
  { configFile, knownHostsFile, ownKnownHostsFile }: SshFiles,
  folder: string,
): string[] {
  return [
    '-t',
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...(knownHostsFile === undefined ? [] : ['-o', `UserKnownHostsFile="${knownHostsFile}"`]),
    // Beside those of all users: what is set for the user may be set in the SSH config.
    ...[
      '-o',
      `GlobalKnownHostsFile=${[...globalFiles(), ownKnownHostsFile].map((file) => `"${file}"`).join(' ')}`,
    ],
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
    '--',
    host,
    scriptCommand(`folder=${shellWord(folder)}\n${terminalScript}`),
  ];
}

/** OpenSSH's own default. */
const globalFiles = (): string[] =>
  process.platform === 'win32'
    ? [`${process.env.ProgramData ?? 'C:/ProgramData'}/ssh/ssh_known_hosts`]
    : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
