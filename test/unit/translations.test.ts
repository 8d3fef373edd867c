import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { plainWords, translatedMessages } from '../l10n/strings.mjs';
import { repositoryRoot } from '../testbed/repositoryRoot';

type Words = Record<string, string>;

const read = (file: string): Words =>
  JSON.parse(readFileSync(path.join(repositoryRoot, file), 'utf8')) as Words;
const sorted = (items: Iterable<string>): string[] => [...items].sort();

/** What must be the same in every language: placeholders, icons, commands, names in code. */
const fixedParts = (text: string): string[] =>
  sorted(new Set(text.match(/\{\w+\}|\$\([\w-]+\)|\(command:[^)]+\)|`+[^`]+`+|#remoteOps\.[\w.]+#/gu) ?? []));

/** Whether it starts and ends in the same way: glued to nothing, going on with "...", or with a line of its own. */
const frame = (text: string): string =>
  [/^\s/u, /\s$/u, /\.\.\.$/u, /^\[.*\]$/su].map((pattern) => pattern.test(text)).join();

function assertTranslates(translated: Words, source: Words): void {
  assert.deepEqual(sorted(Object.keys(translated)), sorted(Object.keys(source)));
  for (const [key, text] of Object.entries(source)) {
    const translation = translated[key] ?? '';
    assert.deepEqual(fixedParts(translation), fixedParts(text), key);
    assert.equal(frame(translation), frame(text), key);
  }
}

describe('the words of the code', () => {
  const { messages, problems } = translatedMessages(repositoryRoot);

  it('can be found by whoever translates: each message is a literal', () => {
    assert.deepEqual(problems, []);
  });

  it('are numbered from {0} without a gap', () => {
    const gaps = [...messages].filter(([message]) => {
      const used = new Set([...message.matchAll(/\{(\d+)\}/gu)].map(([, index]) => Number(index)));
      return [...used].some((index) => index >= used.size);
    });
    assert.deepEqual(gaps, []);
  });

  it('that users read are not plain English', () => {
    assert.deepEqual(plainWords(repositoryRoot), []);
  });

  const bundles = readdirSync(path.join(repositoryRoot, 'l10n')).filter((name) =>
    /^bundle\.l10n\.[\w-]+\.json$/u.test(name),
  );
  for (const bundle of bundles) {
    it(`are all in ${bundle}, which holds no others`, () => {
      assertTranslates(
        read(`l10n/${bundle}`),
        Object.fromEntries([...messages.keys()].map((message) => [message, message])),
      );
    });
  }

  it('are there in German', () => {
    assert.ok(bundles.includes('bundle.l10n.de.json'));
  });
});

describe('the words of the manifest', () => {
  it('are all in package.nls.de.json, which holds no others', () => {
    assertTranslates(read('package.nls.de.json'), read('package.nls.json'));
  });

  it('name files of the walkthrough that are there, its page in German too', () => {
    const manifest = readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8');
    const media = [...manifest.matchAll(/"(media\/walkthrough\/[^"]+)"/gu)].map(([, file]) => file ?? '');
    const pages = media.filter((file) => file.endsWith('.md'));
    const wanted = [...media, ...pages.map((page) => page.replace(/\.md$/u, '.nls.de.md'))];
    assert.ok(pages.length > 0);
    assert.deepEqual(
      wanted.filter((file) => !existsSync(path.join(repositoryRoot, file))),
      [],
    );
  });
});
