// Writes l10n/bundle.l10n.json, which translators start from, and tells what each translation lacks.
//   npm run l10n
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { translatedMessages } from './strings.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const write = (file, content) =>
  writeFileSync(path.join(root, file), `${JSON.stringify(content, undefined, 2)}\n`);

const { messages } = translatedMessages(root);
const english = [...messages.keys()].sort();
write('l10n/bundle.l10n.json', Object.fromEntries(english.map((message) => [message, message])));
console.log(`l10n/bundle.l10n.json: ${english.length} messages`);

const translations = [
  ...readdirSync(path.join(root, 'l10n'))
    .filter((name) => /^bundle\.l10n\..+\.json$/.test(name))
    .map((name) => [`l10n/${name}`, english]),
  ...readdirSync(root)
    .filter((name) => /^package\.nls\..+\.json$/.test(name))
    .map((name) => [name, Object.keys(read('package.nls.json'))]),
];
for (const [file, keys] of translations) {
  const present = Object.keys(read(file));
  keys.filter((key) => !present.includes(key)).forEach((key) => console.log(`${file} lacks: ${key}`));
  present.filter((key) => !keys.includes(key)).forEach((key) => console.log(`${file} needs no more: ${key}`));
}
