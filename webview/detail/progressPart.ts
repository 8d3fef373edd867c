/** How far it is, as on its card, and what it measures. */
import * as l10n from '@vscode/l10n';
import { createProgress } from '../dashboard/progress';
import { element, foreignText, setForeignText, setHidden, setText } from '../shared/dom';
import { formatMetric } from '../shared/format';
import type { Part } from './part';
import { section } from './section';

const maxMetrics = 24;

export function createProgressPart(): Part {
  const progress = createProgress();
  const list = element('dl', 'metric-list');
  const whole = section('how-far', l10n.t('Progress'), progress.element, list);
  const cells: { name: HTMLElement; value: HTMLElement; cell: HTMLElement }[] = [];
  return {
    element: whole,
    update({ operation }, now) {
      progress.update(operation, now);
      const metrics = Object.entries(operation.metrics ?? {}).slice(0, maxMetrics);
      while (cells.length > metrics.length) {
        cells.pop()?.cell.remove();
      }
      metrics.forEach(([name, value], index) => {
        let cell = cells[index];
        if (cell === undefined) {
          cell = createCell();
          cells.push(cell);
          list.append(cell.cell);
        }
        setForeignText(cell.name, name);
        setText(cell.value, formatMetric(value));
      });
      setHidden(list, metrics.length === 0);
      setHidden(whole, metrics.length === 0 && progress.element.hasAttribute('hidden'));
    },
  };
}

function createCell() {
  const name = foreignText('dt', 'metric-name');
  const value = element('dd', 'metric-value');
  return { name, value, cell: element('div', 'metric', name, value) };
}
