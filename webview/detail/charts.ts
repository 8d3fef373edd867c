/** Values over time, each a small chart with its scale. */
import * as l10n from '@vscode/l10n';
import { resourceWords } from '../../src/operations/resourceWords';
import type { Chart } from '../../src/views/detail/protocol';
import { element, foreignText, setAttribute, setForeignText, setHidden, setText, svg } from '../shared/dom';
import { formatMetric, formatPercent, formatTime } from '../shared/format';
import { chartLine, height, width } from './chartLine';
import type { Part } from './part';
import { section } from './section';

export function createCourses(): Part {
  const charts = createCharts();
  const whole = section('courses', l10n.t('Over Time'), charts.element);
  return {
    element: whole,
    update({ charts: told }, now) {
      const count = charts.update(
        told.filter(({ resource }) => resource === undefined),
        now,
      );
      setHidden(whole, count === 0);
    },
  };
}

/** What it used of its machine, while somebody looked. */
export function createUse(): Part {
  const charts = createCharts();
  const whole = section('courses', l10n.t('Resources in the Last Hour'), charts.element);
  return {
    element: whole,
    update({ charts: told }, now) {
      const count = charts.update(
        told.filter(({ resource }) => resource !== undefined),
        now,
      );
      setHidden(whole, count === 0);
    },
  };
}

export interface Charts {
  readonly element: HTMLElement;
  /** How many of them have a line to draw. */
  update(charts: readonly Chart[], now: number): number;
}

export function createCharts(): Charts {
  const list = element('div', 'charts');
  const figures = new Map<string, Figure>();
  return {
    element: list,
    update(charts, now) {
      const drawn = charts.filter((chart) => chartLine(chart) !== undefined);
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
      return drawn.length;
    },
  };
}

const keyOf = ({ metric, resource, gpu }: Chart): string => JSON.stringify([metric, resource, gpu]);

interface Words {
  title: string;
  value: (each: number) => string;
}

function wordsOf({ metric, resource, gpu }: Chart): Words {
  if (metric !== undefined) {
    return { title: metric, value: formatMetric };
  }
  if (resource === undefined) {
    return { title: l10n.t('Progress'), value: formatPercent };
  }
  const { label, text } = resourceWords[resource];
  return { title: gpu === undefined ? label() : l10n.t('GPU {0}', gpu), value: text };
}

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
      const { title, value } = wordsOf(told);
      const time = (ms: number) => formatTime(new Date(ms).toISOString(), now);
      setForeignText(name, title);
      setText(latest, value(drawn.last));
      setAttribute(line, 'points', drawn.points);
      setText(high, value(drawn.top));
      setText(low, value(drawn.bottom));
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
