/** Numbers, sizes and times as people read them, in the user's locale unless another one is given. */
import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../src/operations/amountText';
import { cachedByLocale } from '../../src/operations/cachedByLocale';
import { numbers } from '../../src/operations/numberFormats';

export { formatBytes, formatCount, formatPercent, wholePercent } from '../../src/operations/amountText';

const dates = (options: Intl.DateTimeFormatOptions) =>
  cachedByLocale((locale) => new Intl.DateTimeFormat(locale, options));

const significant = numbers({ maximumSignificantDigits: 4 });
const compact = numbers({ notation: 'compact', maximumSignificantDigits: 3 });
const scientific = numbers({ notation: 'scientific', maximumSignificantDigits: 3 });

const time = dates({ hour: 'numeric', minute: '2-digit' });
const dayAndTime = dates({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const fullDate = dates({ dateStyle: 'medium', timeStyle: 'medium' });

export const formatSpeed = (bytesPerSecond: number, locale?: string): string =>
  l10n.t('{0}/s', formatBytes(bytesPerSecond, locale));

/** Four significant digits; beyond what that can tell, compact or scientific. */
export function formatMetric(value: number, locale?: string): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-3)) {
    return scientific(locale).format(value).replace('E', 'e');
  }
  return (size >= 10_000 ? compact : significant)(locale).format(value);
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const padded = (value: number) => String(value).padStart(2, '0');

/** The two largest units, the smaller one of constant width so that a ticking text does not jump. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < minute) {
    return l10n.t('{0} s', whole);
  }
  if (whole < hour) {
    return l10n.t('{0} min {1} s', Math.floor(whole / minute), padded(whole % minute));
  }
  if (whole < day) {
    return l10n.t('{0} h {1} min', Math.floor(whole / hour), padded(Math.floor((whole % hour) / minute)));
  }
  return l10n.t('{0} d {1} h', Math.floor(whole / day), Math.floor((whole % day) / hour));
}

/** An estimate is never more exact than its words. */
export function formatEta(seconds: number): string {
  if (seconds < 50) {
    return l10n.t('less than a minute left');
  }
  const minutes = Math.max(1, Math.round(seconds / minute));
  if (minutes < 60) {
    return l10n.t('about {0} min left', minutes);
  }
  if (seconds < 10 * hour) {
    const rest = Math.round((minutes % 60) / 10) * 10;
    const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
    return rest === 0 || rest === 60
      ? l10n.t('about {0} h left', hours)
      : l10n.t('about {0} h {1} min left', hours, rest);
  }
  return seconds < 2 * day
    ? l10n.t('about {0} h left', Math.round(seconds / hour))
    : l10n.t('about {0} days left', Math.round(seconds / day));
}

/** The time of day; with the date where that is not today. Empty for what is not a time. */
export function formatTime(iso: string, now: number, locale?: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const today = date.toDateString() === new Date(now).toDateString();
  return (today ? time : dayAndTime)(locale).format(date);
}

export function formatFullTime(iso: string, locale?: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : fullDate(locale).format(date);
}
