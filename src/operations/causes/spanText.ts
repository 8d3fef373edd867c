import * as l10n from '@vscode/l10n';

/** A limit in its largest unit that is whole: `90 s`, `15 min`, `2 h`. */
export function spanText(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) {
    return l10n.t('{0} h', seconds / 3600);
  }
  return seconds >= 60 && seconds % 60 === 0 ? l10n.t('{0} min', seconds / 60) : l10n.t('{0} s', seconds);
}
