import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { commands } from '../../ids';
import { errorMessage } from '../../operations/errors';
import type { OperationView } from '../../operations/operationView';
import { isTaken } from '../../operations/portUse';
import { parseDraft, type Draft } from '../../operations/spec';
import { confirm, showWarning } from '../messages';
import { portText } from '../portText';
import type { Settle } from '../settled';
import { webviewOptions, webviewPage } from '../webviewPage';
import { formHost, waitableJobs } from './formHosts';
import type { FormInit, FormValues, Selection, ToForm, ToHost } from './protocol';
import type { SpecLibrary } from './specLibrary';

/** What a form begins with. */
export interface FormStart {
  draft: Draft;
  note?: string;
  secrets?: string[];
  /** What was typed into a form that was closed. */
  left?: FormValues;
  selection?: Selection;
}

export interface FormSurroundings {
  extensionUri: vscode.Uri;
  service: OperationsService;
  library: SpecLibrary;
  onStarted: (view: OperationView) => void;
  /** What is submitted in the end, where the user has to decide something before. `undefined`: nothing. */
  settle: Settle;
  /** It was closed; with what was typed into it, where that was not submitted. */
  onLeft: (values: FormValues | undefined) => void;
  /** What it was offered as left in another form was submitted in it. */
  onLeftSubmitted: (values: FormValues) => void;
  /** It was submitted, closed, and then not started for the reason given. */
  onFailedLater: (draft: Draft, problem: string) => void;
}

/** One form in its panel. It sees to it that nothing typed is lost while it is hidden, reloaded or refused. */
export class FormPanel implements vscode.Disposable {
  #isReady = false;
  #isSubmitting = false;
  #isClosed = false;
  #problem: string | undefined;
  #values: FormValues | undefined;
  /** By the user: what a form began with is nothing to keep. */
  #isEdited = false;
  /** It holds what was left in another form. */
  #holdsLeft = false;
  #hosts = '';
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly start: FormStart,
    private readonly around: FormSurroundings,
  ) {
    const { extensionUri, service, library } = around;
    const { webview } = panel;
    webview.options = webviewOptions(extensionUri);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'activity.svg');
    this.#subscriptions = [
      webview.onDidReceiveMessage((message: ToHost) => void this.#receive(message)),
      panel.onDidChangeViewState(() => (this.#isReady &&= panel.visible)),
      panel.onDidDispose(() => this.#close()),
      service.onDidChangeHosts(() => this.#postHosts()),
      library.onDidChange(() => this.#post({ type: 'library', library: library.all })),
    ];
    webview.html = webviewPage(webview, extensionUri, 'form');
  }

  get #typed(): FormValues | undefined {
    return this.#isEdited ? this.#values : undefined;
  }

  get beganBlank(): boolean {
    return Object.keys(this.start.draft).length === 0;
  }

  reveal(selection: Selection | undefined): void {
    this.panel.reveal();
    if (selection) {
      this.start.selection = selection;
      this.#post({ type: 'selection', selection });
    }
  }

  dispose(): void {
    this.panel.dispose();
  }

  #close(): void {
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
    this.around.onLeft(this.#isSubmitting ? undefined : this.#typed);
  }

  #post(message: ToForm): void {
    if (this.#isReady && !this.#isClosed) {
      void this.panel.webview.postMessage(message);
    }
  }

  #postHosts(): void {
    const hosts = this.around.service.hosts().map(formHost);
    const text = JSON.stringify(hosts);
    if (text !== this.#hosts) {
      this.#hosts = text;
      this.#post({ type: 'hosts', hosts });
    }
  }

  async #receive(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.#begin();
      case 'changed':
        this.#values = message.values;
        this.#isEdited = message.isEdited;
        return;
      case 'filled':
        this.#holdsLeft = message.isLeft;
        return;
      case 'askChoices':
        return this.#tellChoices(String(message.hostId));
      case 'askPort':
        return this.#tellPort(String(message.hostId), Number(message.port));
      case 'askDirectives':
        return this.#tellDirectives(String(message.hostId), String(message.script));
      case 'host':
        if (message.action === 'retryHost' || message.action === 'logIn') {
          await vscode.commands.executeCommand(commands[message.action], String(message.hostId));
        }
        return;
      case 'addHost':
        await vscode.commands.executeCommand(commands.addHost);
        return;
      case 'browse':
        return this.#browse();
      case 'submit':
        return this.#isSubmitting ? undefined : this.#submit(message.draft);
      case 'saveTemplate':
        return this.#saveTemplate(message.draft);
      case 'deleteTemplate':
        return this.#deleteTemplate(String(message.name));
    }
  }

  /** Right after the start of VS Code the hosts are not known yet: this waits until they are. */
  async #begin(): Promise<void> {
    const { service, library } = this.around;
    await service.list({ sync: false }).catch(() => undefined);
    this.#isReady = true;
    const hosts = service.hosts().map(formHost);
    this.#hosts = JSON.stringify(hosts);
    const { lastHost } = library;
    const { draft, ...others } = this.start;
    const isKnown = hosts.some(({ id }) => id === lastHost);
    const init: FormInit = {
      ...others,
      title: this.panel.title,
      draft: { ...(isKnown && lastHost !== undefined && { hostId: lastHost }), ...draft },
      hosts,
      library: library.all,
      ...(this.#values && { values: this.#values }),
      ...(this.#isSubmitting && { isSubmitting: true }),
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
    this.#post({ type: 'init', init });
  }

  async #tellChoices(hostId: string): Promise<void> {
    const { service } = this.around;
    try {
      const choices = await service.launchChoices(hostId);
      this.#post({ type: 'choices', hostId, choices, jobs: waitableJobs(service.operations(), hostId) });
    } catch (error) {
      this.#post({ type: 'noChoices', hostId, problem: errorMessage(error) });
    }
  }

  async #tellDirectives(hostId: string, script: string): Promise<void> {
    const answer = { type: 'directives', hostId, script } as const;
    try {
      this.#post({ ...answer, lines: await this.around.service.batchDirectives(hostId, script) });
    } catch (error) {
      this.#post({ ...answer, lines: [], problem: errorMessage(error) });
    }
  }

  /** What cannot be seen is left out: a port is no reason to ask for a login. */
  async #tellPort(hostId: string, port: number): Promise<void> {
    const { service } = this.around;
    const name = service.hosts().find(({ id }) => id === hostId)?.name ?? hostId;
    const uses = await service.checkPorts(hostId, [port]).catch(() => []);
    const [taken] = uses.filter(isTaken);
    this.#post({
      type: 'port',
      hostId,
      port,
      ...(taken && { text: portText(port, name, uses, service) }),
      ...(taken?.nextFree !== undefined && { nextFree: taken.nextFree }),
    });
  }

  async #browse(): Promise<void> {
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Upload From'),
        openLabel: vscode.l10n.t('Upload From'),
        canSelectFiles: true,
        canSelectFolders: true,
      })) ?? [];
    if (chosen?.scheme === 'file') {
      this.#post({ type: 'folder', path: chosen.fsPath });
    }
  }

  async #submit(draft: Draft): Promise<void> {
    this.#isSubmitting = true;
    this.#problem = undefined;
    const outcome = await this.#tryToStart(draft);
    this.#isSubmitting = false;
    if (outcome === 'started') {
      if (this.#holdsLeft && this.start.left) {
        this.around.onLeftSubmitted(this.start.left);
      }
      this.#values = undefined;
      this.dispose();
    } else if (outcome === 'left') {
      this.#post({ type: 'resumed' });
      if (this.#isClosed) {
        this.around.onLeft(this.#typed);
      }
    } else if (this.#isClosed) {
      this.around.onFailedLater(draft, outcome.problem);
    } else {
      this.#problem = outcome.problem;
      this.#post({ type: 'refused', problem: outcome.problem });
    }
  }

  /** `left`: the user went back to the form. */
  async #tryToStart(draft: Draft): Promise<'started' | 'left' | { problem: string }> {
    const { settle, onStarted, library } = this.around;
    let submitted: Draft;
    try {
      const settled = await settle(draft);
      if (!settled) {
        return 'left';
      }
      submitted = settled.draft;
      const view = await settled.act();
      if (view.status === 'failed') {
        return { problem: vscode.l10n.t('"{0}" was not started. {1}', view.name, view.error ?? '') };
      }
      onStarted(view);
    } catch (error) {
      return { problem: errorMessage(error) };
    }
    await library.remember(submitted);
    return 'started';
  }

  async #saveTemplate(input: Draft): Promise<void> {
    const { library } = this.around;
    const draft = parseDraft(input);
    const name = await vscode.window.showInputBox({
      title: vscode.l10n.t('Save as Template'),
      prompt: vscode.l10n.t('A name to find it by'),
      value: draft?.name ?? '',
      ignoreFocusOut: true,
      validateInput: (text) => templateNameProblem(text.trim(), library),
    });
    if (name && draft && !(await library.save(name.trim(), draft))) {
      void showWarning(
        vscode.l10n.t('"{0}" was not saved: it is too large, or there are 100 templates already.', name),
      );
    }
  }

  async #deleteTemplate(name: string): Promise<void> {
    const question = vscode.l10n.t('Delete the template "{0}"?', name);
    if (await confirm(question, '', vscode.l10n.t('Delete'))) {
      await this.around.library.remove(name);
    }
  }
}

function templateNameProblem(name: string, library: SpecLibrary): vscode.InputBoxValidationMessage | string {
  if (name === '') {
    return vscode.l10n.t('The name is missing.');
  }
  if (name.length > 100) {
    return vscode.l10n.t('The name is longer than {0} characters.', 100);
  }
  return library.has(name)
    ? {
        message: vscode.l10n.t('The template of this name is replaced.'),
        severity: vscode.InputBoxValidationSeverity.Info,
      }
    : '';
}
