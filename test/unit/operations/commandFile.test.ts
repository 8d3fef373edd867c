import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { commandFile } from '../../../src/operations/commandFile';
import { isRemoteOperationsError } from '../../../src/operations/errors';
import type { SubmitSpec } from '../../../src/operations/operation';

const spec = (more: Partial<SubmitSpec> = {}): SubmitSpec => ({
  hostId: 'here',
  type: 'job',
  name: 'train',
  command: 'true',
  ...more,
});

const run = (file: string) => execFileSync('sh', ['-c', file], { env: { HOME: '/', PATH: '/usr/bin:/bin' } });

describe('commandFile', () => {
  it('changes to the folder first, then exports, then has the command to the letter', () => {
    const command = 'echo "$(date)" \\\n  | cat';
    assert.equal(
      commandFile(spec({ cwd: '/srv/data', env: { A: '1', B: 'two words' }, command })),
      `cd -- '/srv/data' || exit 1\nexport A='1'\nexport B='two words'\n${command}\n`,
    );
  });

  it('begins in the home directory by default', () => {
    assert.equal(commandFile(spec()), 'cd -- "$HOME" || exit 1\ntrue\n');
    assert.equal(commandFile(spec({ cwd: '~' })), commandFile(spec()));
  });

  it('takes ~/ as the home directory and no other ~', () => {
    assert.match(commandFile(spec({ cwd: '~/a b' })), /^cd -- "\$HOME"\/'a b' /);
    assert.match(commandFile(spec({ cwd: '/srv/~/x' })), /^cd -- '\/srv\/~\/x' /);
  });

  it('takes a folder that is not absolute as one of the home directory, also one like an option', () => {
    for (const cwd of ['work', '-', '-P', '~root', '..']) {
      assert.match(commandFile(spec({ cwd })), new RegExp(`^cd -- "\\$HOME"/'${cwd.replace('.', '\\.')}' `));
    }
  });

  it('lets nothing in folder or environment be executed', () => {
    const hostile = `'; touch /tmp/x; $(id) \`id\` "\n\\`;
    const file = commandFile(spec({ cwd: '/', env: { A: hostile }, command: 'printf %s "$A"' }));
    assert.equal(run(file).toString(), hostile);
  });

  it('hands any value to the command as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
        (value) => {
          const file = commandFile(spec({ cwd: '/', env: { A: value }, command: 'printf %s "$A"' }));
          assert.equal(run(file).toString(), value);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses a NUL, which no shell can pass on', () => {
    assert.throws(
      () => commandFile(spec({ env: { A: 'a\0b' } })),
      (error) => isRemoteOperationsError(error, 'InvalidInput'),
    );
  });
});
