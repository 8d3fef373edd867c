// A server on the demo host that nobody submitted: who starts another one on its port is told so.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { repositoryRoot } from '../repositoryRoot';

/** What the form proposes. */
const usualPort = 8080;

/**
 * Resolves with what ends it, once it listens; or once it has ended because something else has the port, which does as
 * well.
 */
export async function startOtherServer(home: string, port = usualPort): Promise<() => Promise<void>> {
  const program = path.join(repositoryRoot, 'test', 'testbed', 'demo-programs', 'server.mjs');
  const child = spawn(process.execPath, [program, String(port)], {
    cwd: home,
    env: { HOME: home, PATH: process.env['PATH'] },
    // Of its own, as another terminal's would be.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), ended]);
  return async () => {
    child.kill();
    await ended;
  };
}
