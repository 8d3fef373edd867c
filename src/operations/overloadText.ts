import * as l10n from '@vscode/l10n';
import { formatPercent } from './amountText';
import type { LoadShare, OverloadReason } from './overload';

const mostNameLength = 60;

/** What is short, with its figures, like "CPU 97% (limit 80%)". Half a sentence. */
export function reasonText({ code, value, limit, total }: Omit<OverloadReason, 'shares'>): string {
  switch (code) {
    case 'cpu':
      return l10n.t('CPU {0} (limit {1})', percentText(value), percentText(limit));
    case 'memory':
      return l10n.t('{0} of memory free (limit {1})', sizeText(value), sizeText(limit));
    case 'gpu-memory':
      return l10n.t('GPUs with free memory: {0} of {1} ({2} needed)', value, total, limit);
    case 'disk':
      return l10n.t('{0} of disk space free (limit {1})', sizeText(value), sizeText(limit));
  }
}

/** The same with who causes it, like "CPU 97% (limit 80%): train 60%, other programs 30%". */
export function reasonWithShares(reason: OverloadReason): string {
  const shares = reason.shares.map((share) => shareText(reason.code, share)).join(', ');
  return shares === '' ? reasonText(reason) : `${reasonText(reason)}: ${shares}`;
}

function shareText(code: OverloadReason['code'], { operationId, name, value }: LoadShare): string {
  const amount = code === 'cpu' ? percentText(value) : sizeText(value);
  return operationId === undefined
    ? l10n.t('other programs {0}', amount)
    : l10n.t('"{0}" {1}', (name ?? operationId).slice(0, mostNameLength), amount);
}

const percentText = (percent: number): string => formatPercent(percent / 100);

/** Without decimals, which languages write differently. */
export const sizeText = (mb: number): string =>
  mb < 10_000 ? `${Math.round(mb)} MB` : `${Math.round(mb / 1024)} GB`;
