import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { formType } from '../../ids';
import type { OperationView } from '../../operations/operationView';
import { showError } from '../messages';
import type { Settle } from '../settled';
import { FormPanel, type FormStart, type FormSurroundings } from './formPanel';
import type { FormValues } from './protocol';
import type { SpecLibrary } from './specLibrary';

/** All forms of this window: each keeps its panel, so that none takes away what was typed into another. */
export class NewOperationForms implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #open = new Set<FormPanel>();
  readonly #serializer: vscode.Disposable;
  /** What was typed into a form that was closed: the next blank one has it again. In memory only. */
  #left: FormValues | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly service: OperationsService,
    private readonly library: SpecLibrary,
    private readonly onStarted: (view: OperationView) => void,
    private readonly settle: Settle,
  ) {
    this.#serializer = vscode.window.registerWebviewPanelSerializer(formType, this);
  }

  /** Shows a form that begins with the draft; without one, the form that began without one and is still open. */
  show(start: FormStart, title = vscode.l10n.t('New Operation')): void {
    const isBlank = Object.keys(start.draft).length === 0;
    const open = isBlank ? [...this.#open].find((form) => form.beganBlank) : undefined;
    if (open) {
      open.reveal(start.selection);
      return;
    }
    const panel = vscode.window.createWebviewPanel(formType, title, vscode.ViewColumn.Active);
    this.#adopt(panel, { ...start, ...(this.#left && { left: this.#left }) });
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#adopt(panel, { draft: {} });
    return Promise.resolve();
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const form of this.#open) {
      form.dispose();
    }
  }

  #adopt(panel: vscode.WebviewPanel, start: FormStart): void {
    const around: FormSurroundings = {
      extensionUri: this.extensionUri,
      service: this.service,
      library: this.library,
      onStarted: this.onStarted,
      settle: this.settle,
      onLeft: (values) => {
        this.#open.delete(form);
        this.#left = values ?? this.#left;
      },
      onFailedLater: (draft, problem) => void this.#offerRetry(draft, problem),
    };
    const form = new FormPanel(panel, start, around);
    this.#open.add(form);
  }

  async #offerRetry(draft: FormStart['draft'], problem: string): Promise<void> {
    const edit = vscode.l10n.t('Edit and Retry');
    if ((await showError(problem, edit)) === edit) {
      this.show({ draft });
    }
  }
}
