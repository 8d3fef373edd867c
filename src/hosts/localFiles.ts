import { readFile, readdir } from 'node:fs/promises';
import { isAbsent } from './plainFile';
import type { SshConfigSource } from './sshConfigFiles';

/** This machine's files, for reading the SSH config. */
export const localFiles: Pick<SshConfigSource, 'readFile' | 'readDirectory'> = {
  readFile: async (path) => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isAbsent(error)) {
        return undefined;
      }
      throw error;
    }
  },
  readDirectory: async (path) => {
    try {
      return await readdir(path);
    } catch {
      return [];
    }
  },
};
