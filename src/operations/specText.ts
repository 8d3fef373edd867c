import * as l10n from '@vscode/l10n';
import * as v from 'valibot';

/** A text field of a spec. @param what names it, at the beginning of a sentence */
export const text = (what: () => string, most: number) =>
  v.pipe(
    v.string(() => l10n.t('{0} must be text.', what())),
    v.maxLength(most, () => l10n.t('{0} is longer than {1} characters.', what(), most)),
    v.check(
      (value) => !value.includes('\0'),
      () => l10n.t('{0} must not contain a NUL character.', what()),
    ),
  );
