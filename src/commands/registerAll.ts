import * as vscode from 'vscode';
import { commands } from '../ids';
import { showError } from '../views/messages';
import { errorMessage, isRemoteOperationsError } from '../operations/errors';
import { untilPageHasFocus } from './pageFocus';

export type Handlers = Partial<Record<keyof typeof commands, (...args: unknown[]) => unknown>>;

/** The only argument of a key that is pressed in the tree: it stands for the rows that are selected there. */
interface SelectionArgument {
  kind: 'selection';
}

const isSelection = (value: unknown): value is SelectionArgument =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'selection';

/** Registers commands; what goes wrong in one is told to the user, with a way to the log. */
export function registerAll(
  handlers: Handlers,
  log: vscode.LogOutputChannel,
  selection: () => readonly unknown[],
): vscode.Disposable {
  const resolved = (args: unknown[]) => (isSelection(args[0]) ? [undefined, selection()] : args);
  const registered = Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(commands[name as keyof typeof commands], async (...args: unknown[]) => {
      try {
        // From the palette.
        if (args.length === 0) {
          await untilPageHasFocus();
        }
        return await handler(...resolved(args));
      } catch (error) {
        await report(error, log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

async function report(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (isRemoteOperationsError(error, 'Cancelled')) {
    return;
  }
  log.error(error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t('Show Log');
  if ((await showError(errorMessage(error), showLog)) === showLog) {
    log.show();
  }
}
