import * as vscode from 'vscode';
import type { LogMatches, OperationsService } from '../../engine/operationsService';
import { errorMessage } from '../../operations/errors';
import type { OperationView } from '../../operations/operationView';
import { bytesText } from '../caseText';
import { oneLine } from '../historyTable';
import { withoutIcons } from '../plainText';

const mostFound = 1_000;
const longestLine = 300;

interface FoundItem extends vscode.QuickPickItem {
  offset?: number;
}

export interface Found {
  /** Of the line, in bytes. */
  offset: number;
  /** What was looked for. */
  text: string;
}

/** Asks for a text and lets the user pick among the lines of the whole log that hold it, the latest first. */
export async function searchLog(
  service: Pick<OperationsService, 'searchLog'>,
  { id, name }: Pick<OperationView, 'id' | 'name'>,
): Promise<Found | undefined> {
  const { t } = vscode.l10n;
  const title = t('Search the Log of "{0}"', oneLine(name));
  const text = await vscode.window.showInputBox({
    title,
    prompt: t('The whole log is searched on its host. Without a capital letter, case does not matter.'),
    validateInput: (typed) => (typed.length > 300 ? t('At most {0} characters.', 300) : undefined),
  });
  if (!text) {
    return undefined;
  }
  const offset = await pickFound(title, text, (before) =>
    service.searchLog(id, { text, ...(before !== undefined && { before }) }),
  );
  return offset === undefined ? undefined : { offset, text };
}

/** Shows what is found while it is found. Hiding the list ends the search. */
function pickFound(
  title: string,
  text: string,
  search: (before: number | undefined) => Promise<LogMatches>,
): Promise<number | undefined> {
  const picker = vscode.window.createQuickPick<FoundItem>();
  Object.assign(picker, {
    title: `${title}: ${text}`,
    matchOnDescription: true,
    busy: true,
    keepScrollPosition: true,
  });
  let isOpen = true;
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.offset);
      picker.hide();
    });
    picker.onDidHide(() => {
      isOpen = false;
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
    void fill(picker, search, () => isOpen);
  });
}

async function fill(
  picker: vscode.QuickPick<FoundItem>,
  search: (before: number | undefined) => Promise<LogMatches>,
  isOpen: () => boolean,
): Promise<void> {
  const { t } = vscode.l10n;
  const items: FoundItem[] = [];
  let before: number | undefined;
  picker.placeholder = t('Searching...');
  try {
    while (isOpen() && before !== 0 && items.length < mostFound) {
      const { matches, isWhole, offset, size } = await search(before);
      if (!isOpen()) {
        return;
      }
      items.push(...matches.reverse().map((match) => itemOf(match, size)));
      before = offset;
      picker.items = [...items];
      const missed = isWhole ? '' : ` ${t('There are more than can be listed.')}`;
      const count = countText(items.length);
      picker.placeholder =
        offset > 0
          ? t('{0}, in the last {1} of {2}; searching...', count, bytesText(size - offset), bytesText(size)) +
            missed
          : t('{0}. All {1} were searched.', count, bytesText(size)) + missed;
    }
  } catch (error) {
    if (isOpen()) {
      picker.placeholder = oneLine(errorMessage(error));
    }
  }
  if (isOpen()) {
    picker.busy = false;
  }
}

function itemOf({ offset, text }: LogMatches['matches'][number], size: number): FoundItem {
  const plain = text.replaceAll(/\x1b\[[0-9:;?]*[ -/]*[@-~]/g, '');
  return {
    label: withoutIcons(oneLine(plain).trim().slice(0, longestLine)) || ' ',
    description: vscode.l10n.t('{0} before the end', bytesText(Math.max(0, size - offset))),
    offset,
  };
}

function countText(count: number): string {
  const { t } = vscode.l10n;
  if (count === 0) {
    return t('Nothing found');
  }
  return count === 1 ? t('One line found') : t('{0} lines found, the latest first', count);
}
