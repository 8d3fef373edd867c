// Finds the words of the code: those that are translated, and those that should be.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** @param {string} root @param {string} folder @returns {ts.SourceFile[]} */
function sources(root, folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return sources(root, name);
    }
    const isCode = name.endsWith('.ts') && !name.endsWith('.d.ts');
    return isCode
      ? [ts.createSourceFile(name, readFileSync(path.join(root, name), 'utf8'), ts.ScriptTarget.Latest, true)]
      : [];
  });
}

/** @param {ts.Node} node @param {(node: ts.Node) => void} visit */
function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** @param {ts.Node} node */
function placeOf(node) {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** `l10n.t(...)`, `vscode.l10n.t(...)`, or `t(...)` where that was taken out of one of them. */
const isTranslation = (node) =>
  ts.isCallExpression(node) && /^((vscode\.)?l10n\.)?t$/.test(node.expression.getText());

/**
 * The messages that the code translates, and where the first use of each is. Only a literal can be found here: what is
 * none is a problem.
 */
export function translatedMessages(root) {
  const messages = new Map();
  const problems = [];
  for (const source of [...sources(root, 'src'), ...sources(root, 'webview')]) {
    walk(source, (node) => {
      if (!isTranslation(node)) {
        return;
      }
      const [message] = node.arguments;
      if (message && ts.isStringLiteralLike(message)) {
        messages.set(message.text, messages.get(message.text) ?? placeOf(node));
      } else {
        problems.push(`${placeOf(node)}: ${node.getText()}`);
      }
    });
  }
  return { messages, problems };
}

const shownProperties = new Set([
  ...['label', 'description', 'detail', 'placeHolder', 'placeholder', 'prompt', 'title', 'tooltip'],
  ...['reason', 'seen', 'validationMessage', 'verifiedBy'],
]);
const showing = /^(showError|showWarning|showInformation|createButton|withProgress|note|noteProblem)$/;

/** A sentence or a word in English, not a name in a program. */
const isWords = (node) => {
  if (ts.isTemplateExpression(node)) {
    return [node.head, ...node.templateSpans.map(({ literal }) => literal)].some(({ text }) =>
      /[A-Za-z]{2}/.test(text),
    );
  }
  return ts.isStringLiteralLike(node) && /^[A-Z][a-z]+|[a-z] [a-z]/.test(node.text);
};

/** Where plain English stands in a place that users read: errors, messages, and fields of what views show. */
export function plainWords(root) {
  const found = [];
  const note = (node) => found.push(`${placeOf(node)}: ${node.getText().slice(0, 100)}`);
  for (const source of sources(root, 'src')) {
    walk(source, (node) => {
      if (ts.isNewExpression(node) && node.expression.getText() === 'RemoteOperationsError') {
        const [, message] = node.arguments ?? [];
        if (message && isWords(message)) {
          note(message);
        }
      } else if (ts.isCallExpression(node) && showing.test(node.expression.getText().split('.').at(-1))) {
        node.arguments.filter(isWords).forEach(note);
      } else if (
        ts.isPropertyAssignment(node) &&
        shownProperties.has(node.name.getText()) &&
        isWords(node.initializer)
      ) {
        note(node.initializer);
      }
    });
  }
  return found;
}
