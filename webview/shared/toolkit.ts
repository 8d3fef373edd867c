/**
 * The only place that knows where our buttons come from: the toolkit is no longer developed upstream.
 * It tries `:focus-visible` in a style element of its own, for which the page must name a nonce in
 * `<meta property="csp-nonce">` and in its style-src; otherwise buttons show focus on a mouse click too.
 */
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import { setAttribute } from './dom';
import { icon, type IconName } from './icons';

export function registerButtons(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

export interface ButtonOptions {
  label: string;
  appearance: 'primary' | 'secondary';
  icon?: IconName;
  className?: string;
  onClick: () => void;
}

export function createButton(options: ButtonOptions): HTMLElement {
  const button = document.createElement('vscode-button');
  button.setAttribute('appearance', options.appearance);
  if (options.className !== undefined) {
    button.className = options.className;
  }
  if (options.icon !== undefined) {
    const start = icon(options.icon);
    start.setAttribute('slot', 'start');
    button.append(start);
  }
  button.append(options.label);
  button.addEventListener('click', options.onClick);
  return button;
}

/** What a screen reader says, where the label alone does not say on what the button acts. */
export const describeButton = (button: HTMLElement, description: string): void =>
  setAttribute(button, 'aria-label', description);
