import * as vscode from 'vscode';

export type Fact = readonly [label: string, value: string | undefined];

/** A tooltip of a title, a line, and facts. What users and hosts supplied goes in as text, never as Markdown. */
export function factsTooltip(title: string, line: string, facts: readonly Fact[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n').appendText(line);
  for (const [label, value] of facts) {
    if (value) {
      tooltip.appendMarkdown('\n\n').appendMarkdown(`${label}: `).appendText(value);
    }
  }
  return tooltip;
}
