import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands } from '../ids';
import type { OperationView } from '../operations/operationView';
import type { Draft } from '../operations/spec';
import { withLauncher } from '../operations/withLauncher';
import { fileStart } from '../views/newOperation/fileStart';
import type { NewOperationForms } from '../views/newOperation/newOperationForms';
import type { Selection } from '../views/newOperation/protocol';
import type { SpecLibrary } from '../views/newOperation/specLibrary';
import type { TreeNode } from '../views/treeNodes';
import { askQuickly, needsForm } from './quickSubmit';
import type { Handlers } from './registerAll';
import { settle } from './settle';
import { start } from './start';

export interface Starting {
  service: OperationsService;
  forms: NewOperationForms;
  library: SpecLibrary;
  onStarted: (view: OperationView) => void;
}

export function submitCommands(starting: Starting): Handlers {
  const { forms } = starting;
  return {
    submit: (argument) => {
      const selection = editorSelection();
      forms.show({ draft: draftOf(argument), ...(selection && { selection }) });
    },
    submitFile: async (argument) => {
      const editor = vscode.window.activeTextEditor;
      const uri = argument instanceof vscode.Uri ? argument : editor?.document.uri;
      if (uri) {
        const selection = editor?.document.uri.toString() === uri.toString() ? editorSelection() : undefined;
        forms.show(await fileStart(uri, selection?.text));
      }
    },
    quickSubmit: () => quickSubmit(starting),
  };
}

/** The row of the tree that it was called on: a host, or a type. */
function draftOf(argument: unknown): Draft {
  const node = argument as TreeNode | undefined;
  switch (node?.kind) {
    case 'host':
      return { hostId: node.id };
    case 'group':
      return { type: node.type };
    default:
      return {};
  }
}

function editorSelection(): Selection | undefined {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection) ?? '';
  return text.trim() === ''
    ? undefined
    : { name: vscode.workspace.asRelativePath(editor!.document.uri), text };
}

async function quickSubmit({ service, forms, library, onStarted }: Starting): Promise<void> {
  // Right after the start the hosts are not known yet: this waits until they are.
  await service.list({ sync: false });
  if (service.hosts().length === 0) {
    await vscode.commands.executeCommand(commands.addHost);
    if (service.hosts().length === 0) {
      return;
    }
  }
  const { lastHost } = library;
  const draft = await askQuickly(service.hosts(), lastHost === undefined ? {} : { hostId: lastHost });
  if (!draft) {
    return;
  }
  const host = service.hosts().find(({ id }) => id === draft.hostId);
  if (needsForm(draft, host)) {
    forms.show({ draft });
    return;
  }
  const spec = withLauncher(draft, host);
  const settled = await settle(service, spec);
  if (!settled) {
    // What was typed is not lost.
    forms.show({ draft: spec });
    return;
  }
  if ((await start(draft.name ?? '', settled.act, onStarted)) === 'edit') {
    forms.show({ draft: settled.draft });
  }
  await library.remember(settled.draft);
}
