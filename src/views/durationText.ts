import * as l10n from '@vscode/l10n';

/** How long something will take, in its largest unit: nobody knows better. */
export function durationText(seconds: number): string {
  if (seconds < 60) {
    return l10n.t('{0} s', Math.max(1, Math.round(seconds)));
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) {
    return l10n.t('{0} min', minutes);
  }
  const hours = Math.round(minutes / 60);
  return hours < 48 ? l10n.t('{0} h', hours) : l10n.t('{0} days', Math.round(hours / 24));
}
