import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { sshTerminalArguments } from '../../src/hosts/sshTerminal';
import { startSshd, type Sshd } from '../testbed/sshd';

describe('a terminal over ssh, on a host', () => {
  let sshd: Sshd;
  before(async () => (sshd = await startSshd()));
  after(() => sshd.stop());

  /** What a user sees who types this there. */
  const typed = (folder: string, input: string): Promise<string> => {
    const args = sshTerminalArguments(
      { id: 'test', host: 'testhost' },
      {
        configFile: sshd.sshConfigFile,
        // The key is known to the extension alone.
        knownHostsFile: path.join(sshd.folder, 'none'),
        ownKnownHostsFile: sshd.knownHostsFile,
      },
      folder,
    );
    return new Promise((resolve) => {
      const child = execFile('ssh', args, { timeout: 30_000 }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      );
      child.stdin?.end(input);
    });
  };

  it('begins in the folder of an operation, whatever its name', async () => {
    const name = `it's "$(touch evil)" \\ ! é`;
    const folder = path.join(sshd.home, name);
    mkdirSync(folder);
    for (const given of [folder, `~/${name}`, name]) {
      const seen = await typed(given, 'echo "in:$(pwd)"\n');
      assert.ok(seen.includes(`in:${folder}\n`), seen);
    }
    assert.doesNotMatch(await typed('~', 'ls\n'), /^evil$/m);
  });

  it('begins at home where there is no such folder, and says so', async () => {
    const seen = await typed('/no/such folder', 'echo "in:$PWD"\n');
    assert.match(seen, /no\/such folder/);
    assert.ok(seen.includes(`in:${sshd.home}\n`), seen);
  });
});
