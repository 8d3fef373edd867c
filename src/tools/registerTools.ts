import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { isRemoteOperationsError } from '../operations/errors';
import { killTool } from './killTool';
import { listTool } from './listTool';
import { logTool } from './logTool';
import { submitTool } from './submitTool';
import { syncTool } from './syncTool';
import { fitted } from './tokenBudget';
import type { Tool } from './tool';

/** What the tools need of the service that views hold. */
type ToolService = OperationsService & { ready(): Promise<unknown> };

/** Lets language models look at operations and, on the user's word each time, start and kill them. */
export function registerTools(service: ToolService): vscode.Disposable {
  const tools = [listTool, logTool, syncTool, submitTool, killTool].map((make) => make(service));
  return vscode.Disposable.from(
    ...tools.map((tool) => vscode.lm.registerTool(tool.name, new RegisteredTool(tool, service))),
  );
}

class RegisteredTool implements vscode.LanguageModelTool<unknown> {
  constructor(
    private readonly tool: Tool,
    private readonly service: ToolService,
  ) {}

  async prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<unknown>): Promise<vscode.PreparedToolInvocation> {
    const invocationMessage = this.tool.progressText();
    if (!this.tool.confirmation) {
      return { invocationMessage };
    }
    this.#refuseUntrusted();
    await this.service.ready();
    const { title, message } = this.tool.confirmation(input, await this.tool.concerns?.(input));
    return {
      invocationMessage,
      confirmationMessages: { title, message: new vscode.MarkdownString(message) },
    };
  }

  async invoke(
    { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    if (this.tool.confirmation) {
      this.#refuseUntrusted();
    }
    await this.service.ready();
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    try {
      const text = await fitted(await this.tool.run(input, abort.signal), tokenizationOptions);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } catch (error) {
      throw token.isCancellationRequested || isRemoteOperationsError(error, 'Cancelled')
        ? new vscode.CancellationError()
        : error;
    } finally {
      subscription.dispose();
    }
  }

  /** What a folder of a stranger says to a model must not become a command on the user's hosts. */
  #refuseUntrusted(): void {
    if (!vscode.workspace.isTrusted) {
      throw new Error(
        vscode.l10n.t(
          'Nothing is started or killed from a workspace that is not trusted. Ask the user to trust it first.',
        ),
      );
    }
  }
}
