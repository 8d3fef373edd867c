import * as l10n from '@vscode/l10n';

/** How long ago that was, in its largest unit. Nothing is seen in no time. */
export function ageText(iso: string, nowMs: number): string {
  const seconds = Math.max(1, Math.floor((nowMs - Date.parse(iso)) / 1000));
  if (seconds < 60) {
    return l10n.t('{0} s', seconds);
  }
  return seconds < 3600
    ? l10n.t('{0} min', Math.floor(seconds / 60))
    : l10n.t('{0} h', Math.floor(seconds / 3600));
}
