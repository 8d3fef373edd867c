import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { encodeText, scriptCommand, shellWord } from '../../src/hosts/quote';

/** The POSIX shells that stand behind /bin/sh on real hosts. */
const posixShells = [['dash'], ['bash', '--posix'], ['bash'], ['busybox', 'sh']];
/** Login shells that users have; those beyond the first three are tried where they are installed. */
const loginShells = [['dash'], ['bash'], ['busybox', 'sh'], ['zsh'], ['tcsh'], ['fish']];

const runIn = ([shell = '', ...args]: string[], command: string, input: string | Buffer = ''): Buffer => {
  const { stdout, stderr, status } = spawnSync(shell, [...args, '-c', command], { input });
  assert.equal(status, 0, `${shell}: ${stderr.toString()}`);
  return stdout;
};

const bytes = fc.uint8Array({ min: 1, maxLength: 60 }).map((array) => Buffer.from(array));
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...`'"\\!$\`;&|<>(){}[]*?~#%^ \n\t`), fc.string({ unit: 'grapheme' })),
});

describe('Quoting, in real shells', () => {
  for (const shell of posixShells) {
    const name = shell.join(' ');

    it(`${name}: printf %b brings back every byte of an encoded text that read took as one word`, () => {
      fc.assert(
        fc.property(fc.array(bytes, { minLength: 20, maxLength: 40 }), (texts) => {
          const input = texts.map((each) => `${encodeText(each)}\n`).join('');
          const output = runIn(shell, `while read -r word; do printf '%b\\0' "$word"; done`, input);
          assert.deepEqual(output, Buffer.concat(texts.flatMap((each) => [each, Buffer.from([0])])));
        }),
        { numRuns: 20 },
      );
    });

    it(`${name}: a quoted word arrives as it is`, () => {
      fc.assert(
        fc.property(fc.array(text, { minLength: 20, maxLength: 40 }), (texts) => {
          const output = runIn(shell, `printf '%s\\0' ${texts.map(shellWord).join(' ')}`);
          assert.equal(output.toString(), texts.map((each) => `${each}\0`).join(''));
        }),
        { numRuns: 20 },
      );
    });
  }

  for (const shell of loginShells) {
    const name = shell.join(' ');

    it(`login shell ${name}: a script of several lines and any characters runs under /bin/sh`, () => {
      fc.assert(
        fc.property(fc.array(text, { minLength: 10, maxLength: 20 }), (texts) => {
          const script = `# a comment\nif true; then\n${texts.map((each) => `printf '%s\\0' ${shellWord(each)}`).join('\n')}\nfi\n`;
          assert.equal(
            runIn(shell, scriptCommand(script)).toString(),
            texts.map((each) => `${each}\0`).join(''),
          );
        }),
        { numRuns: 15 },
      );
    });

    it(`login shell ${name}: a script keeps its standard input, has no arguments, and passes on its exit code`, () => {
      const command = scriptCommand('echo "$#"\ncat\nexit 7');
      const [program = '', ...args] = shell;
      const { stdout, status } = spawnSync(program, [...args, '-c', command], { input: 'data\n' });
      assert.deepEqual([stdout.toString(), status], ['0\ndata\n', 7]);
    });

    it(`login shell ${name}: the longest script that is allowed runs`, () => {
      const room = 131_071 - scriptCommand('').length;
      const script = `exit 3 #${'x'.repeat(room - 8)}`;
      assert.equal(scriptCommand(script).length, 131_071);
      const [program = '', ...args] = shell;
      assert.equal(spawnSync(program, [...args, '-c', scriptCommand(script)]).status, 3);
    });
  }
});
