// Lets VS Code run in another display language, for which it would need a language pack of its Marketplace.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Registers a language pack without a word in it: VS Code's own words stay English, and it takes the translations that
 * extensions bring. In the form in which VS Code itself registers one that is installed.
 */
export async function installEmptyLanguagePack(userDataDir: string, language: string): Promise<void> {
  const translations = path.join(userDataDir, `language-pack-${language}.i18n.json`);
  const pack = {
    hash: 'empty',
    label: language,
    extensions: [{ extensionIdentifier: { id: `test.language-pack-${language}` }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  await mkdir(userDataDir, { recursive: true });
  await writeFile(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  await writeFile(path.join(userDataDir, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}
