/** Up to three metrics, and the course of one of them. */
import { element, foreignText, setAttribute, setForeignText, setHidden, setText } from '../shared/dom';
import { formatMetric } from '../shared/format';
import type { Part } from './part';
import { createSparkline } from './sparkline';

const maxMetrics = 3;

export function createMetrics(): Part {
  const cells = Array.from({ length: maxMetrics }, () => {
    const name = foreignText('dt', 'metric-name');
    const value = element('dd', 'metric-value');
    return { name, value, cell: element('div', 'metric', name, value) };
  });
  const list = element('dl', 'metric-list', ...cells.map(({ cell }) => cell));
  const sparkline = createSparkline();
  const whole = element('div', 'metrics', list, sparkline.element);
  return {
    element: whole,
    update(operation, now) {
      const metrics = Object.entries(operation.metrics ?? {});
      cells.forEach(({ name, value, cell }, index) => {
        const metric = metrics[index];
        setHidden(cell, metric === undefined);
        if (metric !== undefined) {
          setForeignText(name, metric[0]);
          const text = formatMetric(metric[1]);
          setText(value, text);
          setAttribute(value, 'title', text);
        }
      });
      sparkline.update(operation, now);
      setHidden(list, metrics.length === 0);
      setHidden(whole, metrics.length === 0 && sparkline.element.hasAttribute('hidden'));
    },
  };
}
