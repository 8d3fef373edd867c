/** What keys and the mouse do on cards. */
import { canKill, onHost } from '../../src/operations/applicable';
import { cardIdOf, type Board } from './board';
import { post } from './host';

export function listen(main: HTMLElement, board: Board): void {
  main.addEventListener('focusin', ({ target }) => {
    const id = cardIdOf(target as Element);
    if (id !== undefined) {
      board.select(id);
    }
  });
  main.addEventListener('keydown', (event) => {
    const target = event.target as Element;
    const id = cardIdOf(target);
    if (id !== undefined && !hasModifier(event) && act(event.key, id, target, board)) {
      event.preventDefault();
    }
  });
}

const hasModifier = ({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean =>
  altKey || ctrlKey || metaKey || shiftKey;

/** Whether the key did something. */
function act(key: string, id: string, target: Element, board: Board): boolean {
  if (!target.matches('.card')) {
    return key === 'Escape' && backToCard(target);
  }
  switch (key) {
    case 'Enter':
      post({ type: 'action', action: 'showDetails', id });
      return true;
    case 'Delete':
      return kill(id, board);
    default:
      return board.move(key, id);
  }
}

function backToCard(target: Element): boolean {
  target.closest<HTMLElement>('.card')?.focus();
  return true;
}

function kill(id: string, board: Board): boolean {
  const operation = board.operation(id);
  if (!operation || !onHost(canKill)(operation, operation.unwatched !== true)) {
    return false;
  }
  post({ type: 'action', action: 'kill', id });
  return true;
}
