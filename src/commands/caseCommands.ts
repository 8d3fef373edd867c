import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { RemoteOperationsError } from '../operations/errors';
import type { CaseState } from '../operations/watchFolder';
import { showInformation } from '../views/messages';
import type { TreeNode } from '../views/treeNodes';
import { calledOn } from './calledOn';
import { throwTogether } from './forEach';
import type { Handlers } from './registerAll';

/** What is done with the cases of watched folders: all that are selected and that it applies to. */
export function caseCommands(service: OperationsService): Handlers {
  const onCases =
    (states: readonly CaseState[], act: (id: string) => Promise<void>) =>
    async (...args: unknown[]) => {
      const ids = fitting(service, casesOf(args), states);
      throwTogether(await Promise.allSettled(ids.map(act)));
    };
  return {
    retryCase: onCases(['failed'], (id) => service.retryCase(id)),
    submitCase: onCases(['seen', 'changed'], (id) => service.retryCase(id)),
    cancelCase: onCases(['uploading'], (id) => service.cancelCase(id)),
  };
}

function casesOf(args: readonly unknown[]): string[] {
  const nodes = calledOn(args) as (TreeNode | undefined)[];
  const ids = new Set(nodes.flatMap((node) => (node?.kind === 'case' ? [node.id] : [])));
  if (ids.size === 0) {
    throw new RemoteOperationsError('InvalidInput', vscode.l10n.t('Use this on a case under Watch Folders.'));
  }
  return [...ids];
}

/** Of several; one alone that has changed meanwhile is refused with the reason. */
function fitting(service: OperationsService, ids: string[], states: readonly CaseState[]): string[] {
  if (ids.length === 1) {
    return ids;
  }
  const cases = service.cases().flatMap((folder) => folder.cases);
  const fits = new Set(cases.filter(({ state }) => states.includes(state)).map(({ id }) => id));
  const applied = ids.filter((id) => fits.has(id));
  if (applied.length < ids.length) {
    void showInformation(
      vscode.l10n.t(
        'This applies to {0} of the {1} selected cases; the others are left as they are.',
        applied.length,
        ids.length,
      ),
    );
  }
  return applied;
}
