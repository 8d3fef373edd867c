// Runs inside VS Code's extension host: keeps VS Code's own report on its start.
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { eventually } from '../testbed/eventually';

const extensionId = 'remote-ops.remote-operations';

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension(extensionId);
  await eventually('activation', () => extension?.isActive);
  // "Developer: Startup Performance"
  await vscode.commands.executeCommand('perfview.show');
  const report = await eventually('the report on the start', () =>
    vscode.workspace.textDocuments
      .map((document) => document.getText())
      .find((text) => text.includes(extensionId)),
  );
  await writeFile(process.env['BENCH_REPORT'] ?? '', report);
}
