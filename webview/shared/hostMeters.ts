/** What a host does, as small meters. What it does not tell is left out. */
import * as l10n from '@vscode/l10n';
import { formatMbps, formatMebibytes } from '../../src/operations/amountText';
import { healthFacts } from '../../src/operations/healthFacts';
import { hostFigures, type Amount, type HostFigures } from '../../src/operations/hostFigures';
import type { HostSummary } from '../../src/operations/summary';
import { element, setAttribute } from './dom';
import { formatPercent } from './format';
import { createMeter, type Reading } from './meter';

/** From here on, memory and disk are called scarce. Processors and GPUs are there to be used. */
const scarcePercent = 90;

type Read = (figures: HostFigures, host: HostSummary) => Reading | undefined;

const share = (label: string, percent: number | undefined): Reading | undefined =>
  percent === undefined ? undefined : { label, percent, text: formatPercent(percent / 100) };

function part(label: string, amount: Amount | undefined): Reading | undefined {
  const reading = share(label, amount?.percent);
  return reading && amount && { ...reading, spoken: `${reading.text}, ${amountText(amount)}` };
}

const amountText = ({ used, total }: Amount): string =>
  l10n.t('{0} of {1} in use', formatMebibytes(used), formatMebibytes(total));

const scarce = (reading: Reading | undefined): Reading | undefined =>
  reading && { ...reading, isScarce: (reading.percent ?? 0) >= scarcePercent };

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
const readers: Readonly<Record<string, Read>> = {
  cpu: ({ cpuPercent }) => share(l10n.t('CPU'), cpuPercent),
  memory: ({ memory }) => scarce(part(l10n.t('Memory'), memory)),
  gpu: gpuReading,
  'gpu-memory': ({ gpuMemory }) => part(l10n.t('GPU memory'), gpuMemory),
  disk: ({ disk }) => scarce(part(l10n.t('Disk'), disk)),
  network: ({ networkMbps }) =>
    networkMbps === undefined ? undefined : { label: l10n.t('Network'), text: formatMbps(networkMbps) },
};

export interface HostMeters {
  readonly element: HTMLElement;
  update(host: HostSummary): void;
}

export function createHostMeters(): HostMeters {
  const meters = Object.entries(readers).map(([name, read]) => ({ read, meter: createMeter(name) }));
  const whole = element('div', 'meters', ...meters.map(({ meter }) => meter.element));
  return {
    element: whole,
    update(host) {
      const { health, name } = host;
      const figures = health ? hostFigures(health) : {};
      for (const { read, meter } of meters) {
        meter.update(read(figures, host), name);
      }
      setAttribute(
        whole,
        'title',
        health &&
          healthFacts(health)
            .map(([label, text]) => `${label}: ${text}`)
            .join('\n'),
      );
    },
  };
}
