/** Progress and metrics over time, each a small chart with its scale. */
import * as l10n from '@vscode/l10n';
import type { Chart } from '../../src/views/detail/protocol';
import { element, foreignText, setAttribute, setForeignText, setHidden, setText, svg } from '../shared/dom';
import { formatMetric, formatPercent, formatTime } from '../shared/format';
import { chartLine, height, width } from './chartLine';
import type { Part } from './part';
import { section } from './section';

export function createCharts(): Part {
  const list = element('div', 'charts');
  const whole = section('courses', l10n.t('Over Time'), list);
  const figures = new Map<string, Figure>();
  return {
    element: whole,
    update({ charts }, now) {
      const drawn = charts.filter((chart) => chartLine(chart) !== undefined);
      setHidden(whole, drawn.length === 0);
      const names = new Set(drawn.map(keyOf));
      for (const [name, figure] of figures) {
        if (!names.has(name)) {
          figure.element.remove();
          figures.delete(name);
        }
      }
      for (const chart of drawn) {
        const figure = figures.get(keyOf(chart)) ?? createFigure();
        figures.set(keyOf(chart), figure);
        figure.update(chart, now);
        if (figure.element.parentElement === null) {
          list.append(figure.element);
        }
      }
    },
  };
}

const keyOf = ({ metric }: Chart): string => metric ?? '';

interface Figure {
  readonly element: HTMLElement;
  update(chart: Chart, now: number): void;
}

function createFigure(): Figure {
  const name = foreignText('span', 'chart-name');
  const latest = element('span', 'chart-latest');
  const line = svg('polyline', { points: '' });
  const chart = svg(
    'svg',
    { role: 'img', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' },
    line,
  );
  const [high, low, from, until] = ['high', 'low', 'from', 'until'].map((place) =>
    element('span', `chart-${place}`),
  ) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
  // What they say is in the description of the picture.
  for (const label of [high, low, from, until]) {
    label.setAttribute('aria-hidden', 'true');
  }
  const whole = element(
    'figure',
    'chart',
    element('figcaption', '', name, latest),
    element('div', 'plot', high, low, element('div', 'plot-area', chart), from, until),
  );
  return {
    element: whole,
    update(told, now) {
      const drawn = chartLine(told);
      if (!drawn) {
        return;
      }
      const isProgress = told.metric === undefined;
      const value = (each: number) => (isProgress ? formatPercent(each) : formatMetric(each));
      const time = (ms: number) => formatTime(new Date(ms).toISOString(), now);
      const title = told.metric ?? l10n.t('Progress');
      setForeignText(name, title);
      setText(latest, value(drawn.last));
      setAttribute(line, 'points', drawn.points);
      setText(high, value(isProgress ? 1 : drawn.high));
      setText(low, value(isProgress ? 0 : drawn.low));
      setText(from, time(drawn.fromMs));
      setText(until, time(drawn.untilMs));
      setAttribute(
        chart,
        'aria-label',
        l10n.t(
          '{0}: from {1} at {2} to {3} at {4}, lowest {5}, highest {6}',
          title,
          value(drawn.first),
          time(drawn.fromMs),
          value(drawn.last),
          time(drawn.untilMs),
          value(drawn.low),
          value(drawn.high),
        ),
      );
    },
  };
}
