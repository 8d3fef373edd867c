/** How far an operation is: bar, percent, epoch, sizes, speed, estimate. */
import * as l10n from '@vscode/l10n';
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { isTerminal } from '../../src/operations/status';
import {
  element,
  foreignText,
  setAttribute,
  setForeignText,
  setHidden,
  setOptionalText,
  setText,
} from '../shared/dom';
import {
  formatBytes,
  formatCount,
  formatEta,
  formatPercent,
  formatSpeed,
  wholePercent,
} from '../shared/format';
import type { Part } from './part';

const epochText = ({ epoch, totalEpochs }: DashboardOperation): string | undefined => {
  if (epoch === undefined) {
    return undefined;
  }
  return totalEpochs === undefined
    ? l10n.t('Epoch {0}', formatCount(epoch))
    : l10n.t('Epoch {0} of {1}', formatCount(epoch), formatCount(totalEpochs));
};

const sizeText = ({ sizeDoneBytes, sizeTotalBytes }: DashboardOperation): string | undefined => {
  if (sizeDoneBytes === undefined) {
    return sizeTotalBytes === undefined ? undefined : formatBytes(sizeTotalBytes);
  }
  return sizeTotalBytes === undefined
    ? formatBytes(sizeDoneBytes)
    : l10n.t('{0} of {1}', formatBytes(sizeDoneBytes), formatBytes(sizeTotalBytes));
};

/**
 * Speed and estimate speak of what goes on: not of a paused, ended or long unseen operation. What is queued has them
 * while its files are uploaded.
 */
const isMoving = ({ shownStatus }: DashboardOperation): boolean =>
  shownStatus === 'running' || shownStatus === 'queued';

export function createProgress(): Part {
  const bar = createBar();
  const percent = element('span', 'percent');
  const track = element('div', 'progress', bar.element, percent);
  const steps = foreignText('span', 'steps');
  const left = element('span', 'eta');
  const detail = element('div', 'progress-detail', steps, left);
  const message = foreignText('div', 'message');
  const whole = element('div', 'progress-part', track, detail, message);
  return {
    element: whole,
    isSpoken: true,
    update(operation, now) {
      const { progress } = operation;
      // A full bar says no more than the word "Completed".
      const isDrawn = progress !== undefined && operation.status !== 'completed';
      setHidden(track, !isDrawn);
      setText(percent, isDrawn ? formatPercent(progress) : '');
      if (isDrawn) {
        bar.update(operation, now);
      }
      const moving = isMoving(operation);
      const speed = moving ? operation.speedBytesPerSecond : undefined;
      const parts = [
        epochText(operation),
        sizeText(operation),
        speed === undefined ? undefined : formatSpeed(speed),
      ];
      const known = parts.filter((part) => part !== undefined);
      const eta = moving && operation.etaSeconds !== undefined ? formatEta(operation.etaSeconds) : undefined;
      const said = isTerminal(operation.status) ? undefined : operation.progressMessage;
      const counted = known.length > 0;
      // What the program says stands in for what it does not count.
      setForeignText(steps, counted ? known.join(' · ') : said);
      setOptionalText(left, eta);
      setHidden(detail, !counted && !said && eta === undefined);
      setForeignText(message, counted ? said : undefined);
      setHidden(whole, !isDrawn && known.length === 0 && eta === undefined && !said);
    },
  };
}

function createBar(): Part {
  const fill = element('div', 'fill');
  const bar = element('div', 'bar', fill);
  bar.setAttribute('role', 'progressbar');
  bar.setAttribute('aria-valuemin', '0');
  bar.setAttribute('aria-valuemax', '100');
  return {
    element: bar,
    update(operation) {
      const { name, progress = 0, epoch } = operation;
      const percent = wholePercent(progress);
      const spoken = [formatPercent(progress)];
      if (epoch !== undefined) {
        spoken.push(epochText(operation) ?? '');
      }
      setAttribute(bar, 'aria-label', l10n.t('Progress of {0}', name));
      setAttribute(bar, 'aria-valuenow', String(percent));
      setAttribute(bar, 'aria-valuetext', spoken.join(', '));
      const width = `${(Math.min(1, Math.max(0, progress)) * 100).toFixed(1)}%`;
      if (fill.style.width !== width) {
        fill.style.width = width;
      }
    },
  };
}
