import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { OperationView } from '../operations/operationView';
import { operationTypes, statuses, type OperationType, type ShownStatus } from '../operations/status';
import { statusText } from '../operations/statusText';

/** What narrows the lists. Of a facet any of its values will do; an empty one does not narrow. */
export interface OperationFilter {
  readonly text: string;
  readonly statuses: readonly ShownStatus[];
  readonly hostIds: readonly string[];
  readonly types: readonly OperationType[];
}

export const noFilter: OperationFilter = { text: '', statuses: [], hostIds: [], types: [] };

export const isNarrowing = ({ text, statuses, hostIds, types }: OperationFilter): boolean =>
  text !== '' || statuses.length + hostIds.length + types.length > 0;

const mostLength = 500;
const storedFilter = v.fallback(
  v.object({
    text: v.pipe(v.string(), v.maxLength(mostLength)),
    statuses: v.array(v.picklist([...statuses, 'unknown'])),
    hostIds: v.array(v.string()),
    types: v.array(v.picklist(operationTypes)),
  }),
  { ...noFilter, statuses: [], hostIds: [], types: [] },
);

/** What was kept, be it by another version. */
export const readFilter = (stored: unknown): OperationFilter => v.parse(storedFilter, stored);

export function matchesFilter(filter: OperationFilter, view: OperationView, hostName: string): boolean {
  const wanted = filter.text.toLowerCase();
  const { name, command, shownStatus, description = '' } = view;
  return (
    allows(filter.statuses, shownStatus) &&
    allows(filter.hostIds, view.hostId) &&
    allows(filter.types, view.type) &&
    (wanted === '' ||
      // Statuses by the word that rows show, and by the one of the documentation.
      [name, command, shownStatus, statusText(shownStatus), hostName, description].some((part) =>
        part.toLowerCase().includes(wanted),
      ))
  );
}

const allows = <T>(facet: readonly T[], value: T): boolean => facet.length === 0 || facet.includes(value);

export interface FilterWords {
  status: (status: ShownStatus) => string;
  type: (type: OperationType) => string;
  host: (hostId: string) => string;
  text: (text: string) => string;
}

/** `failed, stopped on dgx-1 · Training Jobs · “fine”`, empty where nothing narrows. */
export function filterText(filter: OperationFilter, { status, type, host, text }: FilterWords): string {
  const which = filter.statuses.map(status).join(', ');
  const where = filter.hostIds.map(host).join(', ');
  const parts = [
    where === '' ? which : which === '' ? l10n.t('on {0}', where) : l10n.t('{0} on {1}', which, where),
    filter.types.map(type).join(', '),
    filter.text && text(filter.text),
  ];
  return parts.filter(Boolean).join(' · ');
}
