import * as l10n from '@vscode/l10n';

/** "a", "a and b", "a and b and c". */
export const andText = (items: readonly string[]): string =>
  items.slice(1).reduce((text, item) => l10n.t('{0} and {1}', text, item), items[0] ?? '');

/** "a", "a or b", "a or b or c". */
export const orText = (items: readonly string[]): string =>
  items.slice(1).reduce((text, item) => l10n.t('{0} or {1}', text, item), items[0] ?? '');
