import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withoutIcons, withoutLinks } from '../../../src/views/plainText';

/** As VS Code finds links in notifications (vs/base/common/linkedText). */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('plain text of notifications', () => {
  it('holds no link, whatever a host or a user wrote', () => {
    const part = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      'command:',
      'https://x',
      'a',
      ' ',
      '"',
      '](',
      '[a](command:b)',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        assert.equal(withoutLinks(parts.join('')).match(link), null);
      }),
    );
  });

  it('breaks the link of a hostile refusal, and leaves its words', () => {
    const text = withoutLinks('[Free up space](command:workbench.action.terminal.sendSequence?x)');
    assert.equal(text.match(link), null);
    assert.match(text, /Free up space/);
  });

  it('does not fill the screen', () => {
    assert.ok(withoutLinks('x'.repeat(100_000)).length < 2_000);
  });
});

describe('words in the rows of a picker', () => {
  it('become no icon, and read the same', () => {
    const text = withoutIcons('cost $(zap) $(sync~spin) $5');
    assert.ok(!/\$\([\w-]/u.test(text));
    assert.equal(text.replaceAll('\u200b', ''), 'cost $(zap) $(sync~spin) $5');
  });
});
