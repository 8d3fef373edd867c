import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskedCommand, programName } from '../../../src/operations/commandWords';

describe('the words of a command line', () => {
  it('are masked where an option or a variable has the name of a secret', () => {
    assert.equal(
      maskedCommand(['serve', '--api-key', 'abc', '--token=abc', 'HF_TOKEN=abc', '--tokens', '5']),
      `serve --api-key '***' --token=*** HF_TOKEN=*** --tokens 5`.replace(`'***'`, '***'),
    );
  });

  it('are masked within addresses and headers, and where a machine made them', () => {
    const line = maskedCommand([
      'curl',
      'https://me:pw@host/x',
      'Authorization: Bearer abc.def',
      'hf_9aBc8dEf7gHi6jKl5mNo4pQr',
    ]);
    assert.equal(line, `curl https://***@host/x 'Authorization: Bearer ***' ***`);
  });

  it('stay as they are where they are words of people', () => {
    const words = [
      'train.py',
      '--epochs',
      '20',
      '--model',
      'stable-diffusion-xl-base-refiner',
      '/data/run_2024',
    ];
    assert.equal(maskedCommand(words), words.join(' '));
  });

  it('are one line for a shell, of a bounded length, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        const line = maskedCommand(words.map((word) => word.replaceAll('\0', '')));
        assert.doesNotMatch(line, /\p{Cc}/u);
        assert.ok(line.length <= 1000);
      }),
    );
  });

  it('never show the value of a secret, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('--password', '--secret-key', '-token'),
        fc.stringMatching(/^[g-z]{6,20}$/),
        (option, value) => {
          assert.ok(!maskedCommand(['x', option, value]).includes(value));
          assert.ok(!maskedCommand(['x', `${option}=${value}`]).includes(value));
        },
      ),
    );
  });

  const names: [string[], string][] = [
    [['/usr/bin/python3', '-u', 'train.py', '--x'], 'train.py'],
    [['python', '-m', 'http.server', '8000'], 'http.server'],
    [['java', '-Xmx1g', '-jar', '/opt/app.jar'], 'app.jar'],
    [['node', '-e', 'code()'], 'node'],
    [['./serve', '--port', '1'], 'serve'],
    [['-bash'], 'bash'],
    [[], ''],
  ];
  for (const [words, name] of names) {
    it(`name the program a person would: ${words.join(' ') || '(none)'}`, () =>
      assert.equal(programName(words), name));
  }
});
