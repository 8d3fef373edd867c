import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { onHost } from '../operations/applicable';
import { canPause, canResume } from '../operations/pausing';
import { forEach } from './forEach';
import { pickOperations } from './pickOperation';
import type { Handlers } from './registerAll';

export function pauseCommands(service: OperationsService): Handlers {
  return {
    pause: async (...args) => {
      const question = vscode.l10n.t('Which operation should be paused?');
      const views = await pickOperations(service, args, onHost(canPause), question);
      const [first] = views;
      if (first) {
        const title =
          views.length === 1
            ? vscode.l10n.t('Pausing "{0}"...', first.name)
            : vscode.l10n.t('Pausing {0} operations...', views.length);
        await forEach(views, title, ({ id }) => service.pause(id));
      }
    },
    resume: async (...args) => {
      const question = vscode.l10n.t('Which operation should be resumed?');
      const views = await pickOperations(service, args, onHost(canResume), question);
      const [first] = views;
      if (first) {
        const title =
          views.length === 1
            ? vscode.l10n.t('Resuming "{0}"...', first.name)
            : vscode.l10n.t('Resuming {0} operations...', views.length);
        await forEach(views, title, ({ id }) => service.resume(id));
      }
    },
  };
}
