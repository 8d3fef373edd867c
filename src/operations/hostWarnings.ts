import * as l10n from '@vscode/l10n';
import { formatPercent } from './amountText';
import type { HostHealth } from './hostHealth';
import { hostFigures, type HostFigures } from './hostFigures';
import { judgeLoad, type OverloadLimits } from './overload';
import { sizeText } from './overloadText';

/** Of which figures it is said that there is too much of it, and why, in half a sentence. */
export type HostWarnings = Partial<Record<keyof HostFigures, string>>;

/** From here on there is hardly any left, whatever the settings ask for. GPUs are there to be filled. */
const scarcePercent = 90;

/** What a user is asked about before something is started there, and what is nearly full. Pure. */
export function hostWarnings(health: HostHealth, limits: OverloadLimits): HostWarnings {
  const warnings: HostWarnings = {};
  const figures = hostFigures(health);
  for (const name of ['memory', 'disk'] as const) {
    if ((figures[name]?.percent ?? 0) >= scarcePercent) {
      warnings[name] = l10n.t('nearly full');
    }
  }
  for (const { code, limit } of judgeLoad(health, limits, []).reasons) {
    if (code === 'cpu') {
      warnings.cpuPercent = l10n.t('above the limit of {0}', formatPercent(limit / 100));
    } else if (code !== 'gpu-memory') {
      warnings[code] = l10n.t('less than {0} free', sizeText(limit));
    }
  }
  return warnings;
}
