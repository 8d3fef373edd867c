/** What a host does, as small meters. What it does not tell is left out. */
import * as l10n from '@vscode/l10n';
import { formatMbps, formatMebibytes } from '../../src/operations/amountText';
import { healthFacts } from '../../src/operations/healthFacts';
import { hostFigures, type Amount, type HostFigures } from '../../src/operations/hostFigures';
import { hostWarnings } from '../../src/operations/hostWarnings';
import type { OverloadLimits } from '../../src/operations/overload';
import type { HostSummary } from '../../src/operations/summary';
import { element, setAttribute } from './dom';
import { formatPercent } from './format';
import { createMeter, type Reading } from './meter';

type Read = (figures: HostFigures, host: HostSummary) => Reading | undefined;

const share = (label: string, percent: number | undefined): Reading | undefined =>
  percent === undefined ? undefined : { label, percent, text: formatPercent(percent / 100) };

function part(label: string, amount: Amount | undefined): Reading | undefined {
  const reading = share(label, amount?.percent);
  return reading && amount && { ...reading, spoken: `${reading.text}, ${amountText(amount)}` };
}

const amountText = ({ used, total }: Amount): string =>
  l10n.t('{0} of {1} in use', formatMebibytes(used), formatMebibytes(total));

function gpuReading({ gpuPercent }: HostFigures, { gpus, health }: HostSummary): Reading | undefined {
  const several = gpus !== undefined && gpus.total > 1;
  const label = several ? l10n.t('{0} GPUs', gpus.total) : l10n.t('GPU');
  if (gpuPercent === undefined && health?.gpus.some(({ isDivided }) => isDivided)) {
    return { label, text: l10n.t('divided') };
  }
  const reading = share(label, gpuPercent);
  return reading && several
    ? { ...reading, spoken: `${reading.text}, ${l10n.t('{0} of {1} GPUs in use', gpus.inUse, gpus.total)}` }
    : reading;
}

/** Each has its place, whatever else is known: what comes later moves nothing. */
const readers: readonly (readonly [className: string, figure: keyof HostFigures, read: Read])[] = [
  ['cpu', 'cpuPercent', ({ cpuPercent }) => share(l10n.t('CPU'), cpuPercent)],
  ['memory', 'memory', ({ memory }) => part(l10n.t('Memory'), memory)],
  ['gpu', 'gpuPercent', gpuReading],
  ['gpu-memory', 'gpuMemory', ({ gpuMemory }) => part(l10n.t('GPU memory'), gpuMemory)],
  ['disk', 'disk', ({ disk }) => part(l10n.t('Disk'), disk)],
  [
    'network',
    'networkMbps',
    ({ networkMbps }) =>
      networkMbps === undefined ? undefined : { label: l10n.t('Network'), text: formatMbps(networkMbps) },
  ],
];

export interface HostMeters {
  readonly element: HTMLElement;
  /** @param limits what is too much for it; missing: its figures are not those of now, and warn of nothing */
  update(host: HostSummary, limits: OverloadLimits | undefined): void;
}

export function createHostMeters(): HostMeters {
  const meters = readers.map(([name, figure, read]) => ({ figure, read, meter: createMeter(name) }));
  const whole = element('div', 'meters', ...meters.map(({ meter }) => meter.element));
  return {
    element: whole,
    update(host, limits) {
      const { health, name } = host;
      const figures = health ? hostFigures(health) : {};
      const warnings = health && limits ? hostWarnings(health, limits) : {};
      const warned: string[] = [];
      for (const { figure, read, meter } of meters) {
        const reading = read(figures, host);
        const warning = warnings[figure];
        meter.update(reading && { ...reading, ...(warning !== undefined && { warning }) }, name);
        if (reading && warning !== undefined) {
          warned.push(`${reading.label}: ${reading.text}, ${warning}`);
        }
      }
      const facts = health ? healthFacts(health).map(([label, text]) => `${label}: ${text}`) : [];
      const lines = warned.length > 0 ? [...warned, '', ...facts] : facts;
      setAttribute(whole, 'title', lines.length > 0 ? lines.join('\n') : undefined);
    },
  };
}
