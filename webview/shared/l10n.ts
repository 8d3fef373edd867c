/** Must be imported first: whatever is worded after it is worded in the language of VS Code. */
import * as l10n from '@vscode/l10n';
import type { l10nJsonFormat } from '@vscode/l10n';
import { writeNumbersIn } from '../../src/operations/numberFormats';

const bundle = document.body.dataset['l10n'];
if (bundle !== undefined) {
  l10n.config({ contents: JSON.parse(bundle) as l10nJsonFormat });
}
writeNumbersIn(document.documentElement.lang);
