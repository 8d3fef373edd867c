/** The recent course of one metric as a line without axes. */
import * as l10n from '@vscode/l10n';
import type { Series } from '../../src/views/dashboard/protocol';
import { setAttribute, setHidden, svg } from '../shared/dom';
import { formatCount, formatMetric } from '../shared/format';
import type { Part } from './part';
import { height, polylinePoints, shownValues, width } from '../shared/polyline';

function describe(series: Series): string {
  const values = shownValues(series.values);
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined
    ? series.name
    : l10n.t(
        '{0}, last {1} values, from {2} to {3}',
        series.name,
        formatCount(values.length),
        formatMetric(first),
        formatMetric(last),
      );
}

export function createSparkline(): Part {
  const line = svg('polyline', { points: '' });
  const chart = svg(
    'svg',
    { class: 'sparkline', role: 'img', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' },
    line,
  );
  return {
    element: chart,
    update({ series }) {
      const points = series && polylinePoints(series.values);
      setHidden(chart, points === undefined);
      if (series !== undefined && points !== undefined) {
        setAttribute(line, 'points', points);
        setAttribute(chart, 'aria-label', describe(series));
      }
    },
  };
}
