/** What its host does, now and during the last hour. */
import * as l10n from '@vscode/l10n';
import { isCurrent } from '../../src/operations/hostFigures';
import type { Chart } from '../../src/views/detail/protocol';
import { element, setHidden, setOptionalText } from '../shared/dom';
import { formatTime } from '../shared/format';
import { createHostMeters } from '../shared/hostMeters';
import { createCharts } from './charts';
import type { Part, Shown } from './part';
import { section } from './section';

export function createHostPart(): Part {
  const meters = createHostMeters();
  const age = element('p', 'host-age');
  const charts = createCharts();
  const whole = section('host-health', l10n.t('Host'), meters.element, age, charts.element);
  return {
    element: whole,
    update(shown, now) {
      const { host, overload } = shown;
      const isOld = host?.health !== undefined && !isCurrent(host, now);
      if (host) {
        meters.update(host, isOld ? undefined : overload);
      }
      setOptionalText(age, isOld ? l10n.t('as of {0}', formatTime(host.health?.sampledAt ?? '', now)) : '');
      const count = charts.update(chartsOf(shown), now);
      setHidden(whole, host?.health === undefined && count === 0);
    },
  };
}

/** Of many GPUs, those that it holds. */
function chartsOf({ operation, hostCharts }: Shown): Chart[] {
  const own = new Set(operation.gpus);
  return hostCharts.filter(({ gpu, resource }) =>
    gpu === undefined ? true : resource === 'gpuPercent' && own.has(gpu),
  );
}
