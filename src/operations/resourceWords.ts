import * as l10n from '@vscode/l10n';
import { formatMbps, formatMebibytes, formatPercent } from './amountText';
import type { Resources } from './operationView';

/** How the use of something is called and told. */
export interface ResourceWords {
  label: () => string;
  text: (value: number) => string;
  /** It is a percentage. */
  isShare: boolean;
}

const share = (label: () => string): ResourceWords => ({
  label,
  text: (percent) => formatPercent(percent / 100),
  isShare: true,
});
const size = (label: () => string): ResourceWords => ({
  label,
  text: (mb) => formatMebibytes(mb),
  isShare: false,
});

/** In the order in which they are told. */
export const resourceWords: Readonly<Record<keyof Resources, ResourceWords>> = {
  cpuPercent: share(() => l10n.t('CPU')),
  memoryMb: size(() => l10n.t('Memory')),
  gpuPercent: share(() => l10n.t('GPU')),
  gpuMemoryMb: size(() => l10n.t('GPU memory')),
  networkMbps: { label: () => l10n.t('Network'), text: (mbps) => formatMbps(mbps), isShare: false },
};

export const resourceNames = Object.keys(resourceWords) as (keyof Resources)[];

/** `CPU 34% · Memory 2.0 GB`: what is known of it. */
export const useText = (use: Partial<Resources>): string =>
  resourceNames
    .flatMap((name) => {
      const [value, { label, text }] = [use[name], resourceWords[name]];
      return value === undefined ? [] : [`${label()} ${text(value)}`];
    })
    .join(' · ');
