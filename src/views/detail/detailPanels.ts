import * as vscode from 'vscode';
import { detailType } from '../../ids';
import type { DetailService } from './detailContent';
import { DetailPanel, detailTitle } from './detailPanel';

/** The open pages, one for each operation; they come back after a reload. */
export class DetailPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #panels = new Map<string, DetailPanel>();
  readonly #serializer: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly service: DetailService,
  ) {
    this.#serializer = vscode.window.registerWebviewPanelSerializer(detailType, this);
  }

  show(id: string): void {
    const open = this.#panels.get(id);
    if (open) {
      open.reveal();
      return;
    }
    const title = detailTitle(this.service.get(id));
    this.#adopt(id, vscode.window.createWebviewPanel(detailType, title, vscode.ViewColumn.Active));
  }

  /** @param state what the page left: the operation's id */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = (state as { id?: unknown } | undefined)?.id;
    if (typeof id === 'string' && id.length <= 200 && !this.#panels.has(id)) {
      this.#adopt(id, panel);
    } else {
      panel.dispose();
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const panel of [...this.#panels.values()]) {
      panel.close();
    }
  }

  #adopt(id: string, panel: vscode.WebviewPanel): void {
    const detail = new DetailPanel(id, panel, this.service, this.extensionUri);
    this.#panels.set(id, detail);
    panel.onDidDispose(() => {
      this.#panels.delete(id);
      detail.dispose();
    });
  }
}
