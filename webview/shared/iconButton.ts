/** A small button that shows an icon, as VS Code has them in its lists: the word is its tooltip. */
import { element, setAttribute } from './dom';
import { icon, type IconName } from './icons';

export interface IconButton {
  readonly element: HTMLButtonElement;
  draw(name: IconName): void;
  /** `spoken`: what a screen reader says, with the thing that the button acts on. */
  describe(word: string, spoken: string): void;
}

export function createIconButton(name: IconName, onClick: () => void): IconButton {
  const button = element('button', 'icon-button', icon(name));
  button.type = 'button';
  button.addEventListener('click', onClick);
  let drawn = name;
  return {
    element: button,
    draw(wanted) {
      if (wanted !== drawn) {
        drawn = wanted;
        button.replaceChildren(icon(wanted));
      }
    },
    describe(word, spoken) {
      setAttribute(button, 'title', word);
      setAttribute(button, 'aria-label', spoken);
    },
  };
}
