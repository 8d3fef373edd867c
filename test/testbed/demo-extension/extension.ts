// Fills the demo: submits and reports operations through the exported API, as any other extension could.
import * as vscode from 'vscode';
import type { RemoteOperationsApi } from '../../../src/api';
import { demoOperations } from './operations';
import { reportPull } from './pull';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const extension = vscode.extensions.getExtension<RemoteOperationsApi>('remote-ops.remote-operations');
  const { DEMO_NODE: node, DEMO_PROGRAMS: programs, DEMO_PORT: port } = process.env;
  if (!extension || !node || !programs || !port) {
    return;
  }
  const api = await extension.activate();
  void reportPull(api, context).catch(tell);
  await vscode.commands.executeCommand('workbench.view.extension.remoteOps');
  if ((await api.list({ sync: false })).some(({ launcher }) => launcher !== 'external')) {
    return;
  }
  for (const spec of demoOperations(node, programs, Number(port))) {
    try {
      await api.submit(spec);
    } catch (error) {
      tell(error);
      return;
    }
  }
}

const tell = (error: unknown): void =>
  void vscode.window.showErrorMessage(`Demo: ${error instanceof Error ? error.message : String(error)}`);
