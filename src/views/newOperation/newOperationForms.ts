import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { formType } from '../../ids';
import type { OperationView } from '../../operations/operationView';
import { showError } from '../messages';
import type { Settle } from '../settled';
import { FormPanel, type FormStart, type FormSurroundings } from './formPanel';
import { LeftValues } from './leftValues';
import type { SpecLibrary } from './specLibrary';

/** All forms of this window: each keeps its panel, so that none takes away what was typed into another. */
export class NewOperationForms implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #open = new Set<FormPanel>();
  readonly #serializer: vscode.Disposable;
  readonly #left = new LeftValues();

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
    const left = this.#left.values;
    this.#adopt(panel, { ...start, ...(left && { left }) });
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
        if (values) {
          this.#left.keep(values);
        }
      },
      onLeftSubmitted: (values) => this.#left.drop(values),
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
