import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** What a page may load: its own script and styles, and nothing else. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
}

const attribute = (text: string): string =>
  text.replace(/[&"<>]/gu, (character) => `&#${String(character.charCodeAt(0))};`);

/**
 * The page of a webview that draws itself into `#root`: `dist/<name>.js` and `dist/<name>.css`, and the words of the
 * user's language as `data-l10n` of the body (webview/shared/l10n.ts).
 */
export function webviewPage(webview: vscode.Webview, extensionUri: vscode.Uri, name: string): string {
  const nonce = randomBytes(16).toString('base64url');
  const uri = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    `default-src 'none'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const { bundle } = vscode.l10n;
  const words = bundle ? ` data-l10n="${attribute(JSON.stringify(bundle))}"` : '';
  return `<!DOCTYPE html>
<html lang="${attribute(vscode.env.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(`${name}.css`)}">
<title>Remote Operations</title>
</head>
<body${words}>
<div id="root"></div>
<script nonce="${nonce}" src="${uri(`${name}.js`)}"></script>
</body>
</html>`;
}
