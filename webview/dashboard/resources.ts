/** What it uses of its machine just now. */
import { resourceNames, resourceWords } from '../../src/operations/resourceWords';
import { isRunning } from '../../src/operations/status';
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { element, setAttribute, setHidden, setText } from '../shared/dom';
import type { Part } from './part';

/** What its host is asked about tells it after a moment: the place is kept, so that nothing moves then. */
export const hasResources = ({ shownStatus, launcher, origin, resources }: DashboardOperation): boolean =>
  isRunning(shownStatus) && (resources !== undefined || (launcher !== 'external' && origin === undefined));

export function createResources(): Part {
  const cells = resourceNames.map((name) => {
    const value = element('dd');
    const cell = element('div', `fact use-${name}`, element('dt', '', resourceWords[name].label()), value);
    return { name, value, cell };
  });
  const list = element('dl', 'facts resources', ...cells.map(({ cell }) => cell));
  return {
    element: list,
    update(operation) {
      const { resources } = operation;
      setHidden(list, !hasResources(operation));
      setAttribute(list, 'data-empty', resources === undefined ? '' : undefined);
      for (const { name, value, cell } of cells) {
        const told = resources?.[name];
        setHidden(cell, told === undefined);
        setText(value, told === undefined ? '' : resourceWords[name].text(told));
      }
    },
  };
}
