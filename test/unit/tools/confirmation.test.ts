import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { codeBlock, confirmationOf } from '../../../src/tools/confirmation';

/** What CommonMark makes of it: the kind of each block, and the text of those that are code. */
const blocksOf = (markdown: string): string[] =>
  new MarkdownIt('commonmark')
    .parse(markdown, {})
    .filter(({ type }) => type === 'fence' || type === 'inline')
    .map(({ type, content }) => `${type}: ${content}`);

const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      '```',
      '````',
      '~~~',
      '\n',
      '\r',
      '\r\n',
      '\u2028',
      '   ',
      '\t',
      '`',
      '[x](command:y)',
      '<b>',
      '> ',
    ),
    fc.string({ maxLength: 5 }),
  ),
  { maxLength: 12 },
);

describe('what the user confirms for a language model', () => {
  it('stands in a code block that no text can end', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = parts.join('');
        const markdown = `before\n\n${codeBlock(text)}\n\nafter`;
        const [before, code, after, ...others] = blocksOf(markdown);
        assert.deepEqual([before, after, others], ['inline: before', 'inline: after', []]);
        assert.match(code ?? '', /^fence: /);
      }),
    );
  });

  it('shows the text as it is', () => {
    const command = `python train.py --name 'a b' && echo "\`date\`"\n# next line\n`;
    assert.deepEqual(blocksOf(codeBlock(command)), [`fence: ${command}\n`]);
  });

  it('shows what nobody would see, and what would turn the direction of others, by its number', () => {
    const [block] = blocksOf(codeBlock('rm \u202e-rf\u200b \u001b[2J\ufeff'));
    assert.equal(block, 'fence: rm <U+202E>-rf<U+200B> <U+001B>[2J<U+FEFF>\n');
  });

  it('begins a line where a terminal would, whatever the line break', () => {
    assert.deepEqual(blocksOf(codeBlock('a\rb\r\nc\u2028d')), ['fence: a\nb\nc\nd\n']);
  });

  it('has each fact under its label, and leaves out what is not set', () => {
    const { title, message } = confirmationOf(
      'Do it?',
      [
        ['Host', 'box'],
        ['Folder', undefined],
        ['GPUs', 2],
      ],
      'Sure.',
    );
    assert.equal(title, 'Do it?');
    assert.deepEqual(blocksOf(message), [
      'inline: Host:',
      'fence: box\n',
      'inline: GPUs:',
      'fence: 2\n',
      'inline: Sure.',
    ]);
  });
});
