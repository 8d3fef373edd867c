import * as l10n from '@vscode/l10n';
import { formatCount, formatLoad, formatMbps, formatMebibytes, formatPercent } from './amountText';
import type { GpuHealth, HostHealth } from './hostHealth';

export type HealthFact = readonly [label: string, text: string];

/** All that a host tells of itself, in words. What it does not tell is missing. */
export function healthFacts(health: HostHealth): HealthFact[] {
  const { load, memoryTotalMb, memoryFreeMb, diskTotalMb, diskFreeMb, gpus, gpuProblem } = health;
  const facts: (readonly [string, string | undefined])[] = [
    [l10n.t('CPU'), cpuText(health)],
    [l10n.t('Load'), formatLoad(load)],
    [
      l10n.t('Memory'),
      l10n.t(
        '{0} of {1} in use',
        formatMebibytes(memoryTotalMb - memoryFreeMb),
        formatMebibytes(memoryTotalMb),
      ),
    ],
    [
      l10n.t('Disk'),
      diskTotalMb === undefined || diskFreeMb === undefined
        ? undefined
        : l10n.t('{0} of {1} free', formatMebibytes(diskFreeMb), formatMebibytes(diskTotalMb)),
    ],
    [l10n.t('Network'), networkText(health)],
    ...gpus.map((gpu) => [l10n.t('GPU {0}', gpu.index), gpuText(gpu)] as const),
    [l10n.t('GPU'), gpuProblem],
  ];
  return facts.filter((fact): fact is HealthFact => fact[1] !== undefined);
}

function cpuText({ cores, cpuPercent }: HostHealth): string {
  const of = cores === 1 ? l10n.t('1 core') : l10n.t('{0} cores', formatCount(cores));
  return cpuPercent === undefined ? of : l10n.t('{0} of {1}', formatPercent(cpuPercent / 100), of);
}

function networkText({ receivedMbps, sentMbps }: HostHealth): string | undefined {
  const parts = [
    receivedMbps === undefined ? undefined : l10n.t('{0} received', formatMbps(receivedMbps)),
    sentMbps === undefined ? undefined : l10n.t('{0} sent', formatMbps(sentMbps)),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** `NVIDIA A100, 97%, 71.8 GB of 80.0 GB, 64 °C, 310 W of 400 W`. */
function gpuText(gpu: GpuHealth): string {
  const { name, percent, temperatureC, isDivided } = gpu;
  return [
    name,
    isDivided && l10n.t('divided'),
    percent === undefined ? undefined : formatPercent(percent / 100),
    memoryText(gpu),
    temperatureC === undefined ? undefined : l10n.t('{0} °C', formatCount(temperatureC)),
    powerText(gpu),
  ]
    .filter(Boolean)
    .join(', ');
}

function memoryText({ memoryUsedMb: used, memoryTotalMb: total }: GpuHealth): string | undefined {
  if (used === undefined) {
    return total === undefined ? undefined : formatMebibytes(total);
  }
  return total === undefined
    ? formatMebibytes(used)
    : l10n.t('{0} of {1}', formatMebibytes(used), formatMebibytes(total));
}

function powerText({ powerW, powerLimitW }: GpuHealth): string | undefined {
  if (powerW === undefined) {
    return undefined;
  }
  return powerLimitW === undefined
    ? l10n.t('{0} W', formatCount(powerW))
    : l10n.t('{0} of {1} W', formatCount(powerW), formatCount(powerLimitW));
}
