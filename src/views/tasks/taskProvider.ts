import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { taskType } from '../../ids';
import type { SpecLibrary } from '../newOperation/specLibrary';
import type { Settle } from '../settled';
import { templateTasks } from './taskSpec';
import { TaskTerminal } from './taskTerminal';

/**
 * Tasks of type `remoteOps`: those of tasks.json, and the user's templates. VS Code runs no task in a workspace that is
 * not trusted, as its commands are not the user's.
 */
export function provideTasks(
  service: OperationsService,
  library: SpecLibrary,
  settle: Settle,
): vscode.Disposable {
  const make = (task: Pick<vscode.Task, 'definition' | 'name' | 'source'>, scope: vscode.Task['scope']) =>
    new vscode.Task(
      // Of a task that is resolved, it has to be the same object.
      task.definition,
      scope ?? vscode.TaskScope.Workspace,
      task.name,
      task.source,
      new vscode.CustomExecution((definition) =>
        Promise.resolve(new TaskTerminal(service, settle, definition, task.name)),
      ),
      // Without any matchers, VS Code would ask for some.
      [],
    );
  return vscode.tasks.registerTaskProvider(taskType, {
    provideTasks: () =>
      templateTasks(library.all.templates).map(({ name, definition }) =>
        make({ name, definition: { ...definition, type: taskType }, source: 'Remote Operations' }, undefined),
      ),
    resolveTask: (task) => make(task, task.scope),
  });
}
