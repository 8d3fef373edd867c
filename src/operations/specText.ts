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

/** The same for one that must not be empty. */
export const required = (what: () => string, most: number) =>
  v.pipe(
    text(what, most),
    v.check(
      (value) => value.trim() !== '',
      () => l10n.t('{0} is missing.', what()),
    ),
  );

/** Control characters, and those that reverse the direction of what follows. */
export const unshowable = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name in one line of what can be shown. */
export const shownName = (name: string): string => name.replace(unshowable, '').replace(/\s+/g, ' ').trim();
