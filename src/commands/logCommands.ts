import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { hasLog, onHost } from '../operations/applicable';
import type { OperationView } from '../operations/operationView';
import type { LogDocument } from '../views/logs/logDocument';
import type { LogDocuments } from '../views/logs/logDocuments';
import { searchLog } from '../views/logs/logSearch';
import { LogTerminals } from '../views/logs/logTerminals';
import { pickOperations } from './pickOperation';
import type { Handlers } from './registerAll';

/** Logs as documents and as terminals that follow. */
export function logCommands(service: OperationsService, logs: LogDocuments): Handlers {
  const { t } = vscode.l10n;
  const terminals = new LogTerminals(service);
  /** For what is done in the editor of a log. */
  const inEditor = (act: (document: LogDocument) => unknown) => async (argument: unknown) => {
    const document = logs.at(argument);
    if (document) {
      await act(document);
    }
  };
  /** The operation whose log is in the editor, else the one of the row or the user's pick. */
  const pick = async (args: unknown[], question: string): Promise<OperationView | undefined> => {
    const shown = args[0] === undefined || args[0] instanceof vscode.Uri ? logs.at(args[0]) : undefined;
    const [view] = await pickOperations(service, shown ? [shown.id] : args, onHost(hasLog), question);
    return view;
  };
  return {
    showLog: async (...args) => {
      const question = t('Whose log should be shown?');
      const [view] = await pickOperations(service, args, onHost(hasLog), question);
      if (view) {
        await logs.show(view);
      }
    },
    followLog: async (...args) => {
      const view = await pick(args, t('Whose log should be followed?'));
      if (view) {
        terminals.show(view);
      }
    },
    searchLog: async (...args) => {
      const view = await pick(args, t('Whose log should be searched?'));
      const found = view && (await searchLog(service, view));
      if (view && found) {
        await logs.goTo(view, found.offset, found.text);
      }
    },
    loadEarlierLog: inEditor((document) => logs.loadEarlier(document)),
    endOfLog: inEditor((document) => logs.toEnd(document)),
    pauseLog: inEditor((document) => document.setPaused(true)),
    resumeLog: inEditor((document) => logs.follow(document)),
  };
}
