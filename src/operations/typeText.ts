import * as l10n from '@vscode/l10n';
import type { OperationType } from './status';

interface TypeWords {
  one: () => string;
  many: () => string;
}

/** What an operation can be, the same in tree, form, pickers and pages. */
const words: Record<OperationType, TypeWords> = {
  server: { one: () => l10n.t('Server'), many: () => l10n.t('Servers') },
  job: { one: () => l10n.t('Training job'), many: () => l10n.t('Training Jobs') },
  program: { one: () => l10n.t('Program or script'), many: () => l10n.t('Programs & Scripts') },
  transfer: { one: () => l10n.t('Download or install'), many: () => l10n.t('Downloads & Installs') },
};

/** Of one operation. */
export const typeText = (type: OperationType): string => words[type].one();

/** Of a group of them. */
export const typesText = (type: OperationType): string => words[type].many();
