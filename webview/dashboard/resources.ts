/** What it uses of its machine just now. */
import * as l10n from '@vscode/l10n';
import type { Resources } from '../../src/operations/operationView';
import { isRunning } from '../../src/operations/status';
import { element, setHidden, setText } from '../shared/dom';
import { formatBytes, formatPercent } from '../shared/format';
import type { Part } from './part';

const mebibyte = 1024 * 1024;
const percent = (value: number | undefined) => (value === undefined ? undefined : formatPercent(value / 100));
const size = (mb: number | undefined) => (mb === undefined ? undefined : formatBytes(mb * mebibyte));

/** What is told of a use, on cards and of all together. */
export const useReaders: readonly (readonly [
  label: () => string,
  read: (use: Partial<Resources>) => string | undefined,
])[] = [
  [() => l10n.t('CPU'), ({ cpuPercent }) => percent(cpuPercent)],
  [() => l10n.t('Memory'), ({ memoryMb }) => size(memoryMb)],
  [() => l10n.t('GPU'), ({ gpuPercent }) => percent(gpuPercent)],
  [() => l10n.t('GPU memory'), ({ gpuMemoryMb }) => size(gpuMemoryMb)],
];

export function createResources(): Part {
  const cells = useReaders.map(([label, read]) => {
    const value = element('dd');
    return { read, value, cell: element('div', 'fact', element('dt', '', label()), value) };
  });
  const list = element('dl', 'facts resources', ...cells.map(({ cell }) => cell));
  return {
    element: list,
    update({ resources, shownStatus }) {
      const use = isRunning(shownStatus) ? resources : undefined;
      setHidden(list, use === undefined);
      for (const { read, value, cell } of cells) {
        const text = use && read(use);
        setHidden(cell, text === undefined);
        setText(value, text ?? '');
      }
    },
  };
}
