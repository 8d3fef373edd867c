import * as vscode from 'vscode';
import type { SubmitSpec } from '../operations/operation';
import type { PueueGroup } from '../operations/pueueOptions';
import { askPick, keep, type Question } from './steps';

export type PueueDraft = Partial<Pick<SubmitSpec, 'pueue'>>;

/** The group that pueue takes by itself. */
const usual = 'default';

export const groupQuestion =
  (draft: PueueDraft, groups: readonly PueueGroup[]): Question =>
  async (place) =>
    keep(
      await askPick({
        ...place,
        placeholder: vscode.l10n.t('In which group?'),
        items: groups
          .toSorted((a, b) => Number(b.name === usual) - Number(a.name === usual))
          .map((group) => ({ label: group.name, description: description(group), value: group.name })),
      }),
      (group) => (draft.pueue = { ...draft.pueue, group }),
    );

function description({ parallel, isPaused }: PueueGroup): string {
  const slots = parallel === 0 ? vscode.l10n.t('all at once') : vscode.l10n.t('{0} at a time', parallel);
  return isPaused ? `${slots} · ${vscode.l10n.t('paused')}` : slots;
}
