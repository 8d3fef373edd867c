/** What can be done with an operation: three buttons at most, and VS Code's own menu for all of it. */
import * as l10n from '@vscode/l10n';
import type { DashboardAction } from '../../src/views/dashboard/protocol';
import { canKill, changeOf, hasLog } from '../../src/operations/applicable';
import { element, setHidden } from '../shared/dom';
import { createIconButton } from '../shared/iconButton';
import type { IconName } from '../shared/icons';
import { post } from './host';
import type { Part } from './part';

type Change = 'pause' | 'resume' | 'resubmit';
interface Offer {
  icon: IconName;
  word: () => string;
  describe: (name: string) => string;
}

const changes: Record<Change, Offer> = {
  pause: { icon: 'pause', word: () => l10n.t('Pause'), describe: (name) => l10n.t('Pause {0}', name) },
  resume: { icon: 'play', word: () => l10n.t('Resume'), describe: (name) => l10n.t('Resume {0}', name) },
  resubmit: {
    icon: 'again',
    word: () => l10n.t('Resubmit'),
    describe: (name) => l10n.t('Resubmit {0}', name),
  },
};

export function createActions(id: string): Part {
  const act = (action: DashboardAction) => post({ type: 'action', action, id });
  const log = createIconButton('log', () => act('showLog'));
  let offered: Change | undefined;
  const change = createIconButton('pause', () => offered && act(offered));
  const kill = createIconButton('kill', () => act('kill'));
  const more = createIconButton('more', () => openMenu(more.element));
  more.element.setAttribute('aria-haspopup', 'menu');
  return {
    element: element('div', 'actions', log.element, change.element, kill.element, more.element),
    update(operation) {
      const { name } = operation;
      const isWatched = operation.unwatched !== true;
      setHidden(log.element, !isWatched || !hasLog(operation));
      log.describe(l10n.t('Show Log'), l10n.t('Show log of {0}', name));
      setHidden(kill.element, !isWatched || !canKill(operation));
      kill.describe(l10n.t('Kill'), l10n.t('Kill {0}', name));
      more.describe(l10n.t('More Actions...'), l10n.t('More actions for {0}', name));
      offered = isWatched ? changeOf(operation) : undefined;
      setHidden(change.element, offered === undefined);
      if (offered !== undefined) {
        const { icon, word, describe } = changes[offered];
        change.draw(icon);
        change.describe(word(), describe(name));
      }
    },
  };
}

/** VS Code shows its menu where a page is asked for one, with what `data-vscode-context` tells. */
function openMenu(button: HTMLElement): void {
  const { left, bottom } = button.getBoundingClientRect();
  const options = { bubbles: true, cancelable: true, clientX: left, clientY: bottom };
  button.dispatchEvent(new MouseEvent('contextmenu', options));
}
