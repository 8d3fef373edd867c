/** Sizes, shares and rates as people read them, the same on pages and in the tree. In VS Code's language by default. */
import * as l10n from '@vscode/l10n';
import { numbers } from './numberFormats';

const wholeNumber = numbers({ maximumFractionDigits: 0 });
const oneDecimal = numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = numbers({ style: 'percent', maximumFractionDigits: 0 });

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** In steps of 1024, with one decimal from KB on, as VS Code shows file sizes. */
export function formatBytes(bytes: number, locale?: string): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const number = (unit === 0 ? wholeNumber : oneDecimal)(locale).format(value);
  return `${number} ${byteUnits[unit]}`;
}

export const formatMebibytes = (mebibytes: number, locale?: string): string =>
  formatBytes(mebibytes * 1024 ** 2, locale);

/** Whole percent, rounded down: 100 only for what is done. */
export const wholePercent = (fraction: number): number =>
  Math.floor(Math.min(1, Math.max(0, fraction)) * 100 + 1e-6);

export const formatPercent = (fraction: number, locale?: string): string =>
  percent(locale).format(wholePercent(fraction) / 100);

export const formatCount = (count: number, locale?: string): string => wholeNumber(locale).format(count);

/** Rates of networks. Below 10 with one decimal. */
export const formatMbps = (mbps: number, locale?: string): string =>
  l10n.t('{0} Mbit/s', (mbps < 10 ? oneDecimal : wholeNumber)(locale).format(Math.max(0, mbps)));

/** In processes that want to run, over a minute. */
export const formatLoad = (load: number, locale?: string): string => oneDecimal(locale).format(load);
