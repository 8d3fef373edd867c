import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A user of this machine who can do nothing but log in with a password. */
export interface TestUser {
  readonly name: string;
  readonly password: string;
  remove(): Promise<void>;
}

/** Needs `mayAddUsers`. The user is removed at the end, also when the tests are broken off. */
export async function addTestUser(): Promise<TestUser> {
  const name = `ro-test-${process.pid}`;
  const password = `pass word ${process.pid} "$&"`;
  const remove = ['--force', name];
  await run('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/sh', name]);
  const removeAtExit = () => void spawnSync('userdel', remove);
  process.once('exit', removeAtExit);
  const set = spawnSync('chpasswd', { input: `${name}:${password}\n` });
  if (set.status !== 0) {
    throw new Error(`chpasswd: ${String(set.stderr)}`);
  }
  return {
    name,
    password,
    remove: async () => {
      process.off('exit', removeAtExit);
      await run('userdel', remove).catch(() => undefined);
    },
  };
}
