import * as vscode from 'vscode';
import { formatPercent } from '../operations/amountText';
import { hostFigures, isCurrent } from '../operations/hostFigures';
import type { HostSummary } from '../operations/summary';

/** `CPU 34% · memory 33% · GPU 97%`: what is known of now. What was seen earlier is in the tooltip. */
export function figuresText(host: HostSummary, now = new Date()): string | undefined {
  const { t } = vscode.l10n;
  const { health, gpus } = host;
  if (!health || !isCurrent(host, now.getTime())) {
    return undefined;
  }
  const { cpuPercent, memory, gpuPercent } = hostFigures(health);
  const several = gpus !== undefined && gpus.total > 1;
  const parts = [
    cpuPercent !== undefined && t('CPU {0}', percentText(cpuPercent)),
    memory && t('memory {0}', percentText(memory.percent)),
    several && t('{0} of {1} GPUs in use', gpus.inUse, gpus.total),
    !several && gpuPercent !== undefined && t('GPU {0}', percentText(gpuPercent)),
  ].filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(' · ') : undefined;
}

const percentText = (percent: number): string => formatPercent(percent / 100);
