/** The commands that apply to the operation now. */
import * as l10n from '@vscode/l10n';
import { canAct, canArchive, canKill, changeOf, hasLog, isInReach } from '../../src/operations/applicable';
import { isActive, isTerminal } from '../../src/operations/status';
import type { DetailAction, DetailOperation } from '../../src/views/detail/protocol';
import { element, setHidden } from '../shared/dom';
import { createButton } from '../shared/toolkit';
import { post } from './host';
import type { Part } from './part';

interface Offer {
  label: () => string;
  applies: (operation: DetailOperation, isWatched: boolean) => boolean;
  /** It wants something of what still runs, which needs its host. */
  acts?: true;
}

const offers: Record<DetailAction, Offer> = {
  showLog: { label: () => l10n.t('Show Whole Log'), applies: hasLog },
  openPort: {
    label: () => l10n.t('Open Port...'),
    acts: true,
    applies: (operation) => canAct(operation) && isActive(operation.status) && operation.port !== undefined,
  },
  closePort: {
    label: () => l10n.t('Stop Forwarding'),
    applies: ({ forwardedPort }) => forwardedPort !== undefined,
  },
  openTerminal: { label: () => l10n.t('Open Terminal'), applies: canAct },
  pause: {
    label: () => l10n.t('Pause'),
    acts: true,
    applies: (operation) => changeOf(operation) === 'pause',
  },
  resume: {
    label: () => l10n.t('Resume'),
    acts: true,
    applies: (operation) => changeOf(operation) === 'resume',
  },
  startNow: { label: () => l10n.t('Start Now'), acts: true, applies: ({ untilFree }) => untilFree === true },
  restart: {
    label: () => l10n.t('Restart...'),
    acts: true,
    applies: (operation) =>
      canAct(operation) && operation.adopted === undefined && !isTerminal(operation.status),
  },
  resubmit: { label: () => l10n.t('Resubmit'), applies: (operation) => changeOf(operation) === 'resubmit' },
  editAndResubmit: { label: () => l10n.t('Edit and Resubmit...'), applies: canAct },
  kill: { label: () => l10n.t('Kill'), acts: true, applies: canKill },
  archive: { label: () => l10n.t('Archive'), applies: canArchive },
};

export function createActions(): Part {
  const buttons = (Object.keys(offers) as DetailAction[]).map((action) => ({
    offer: offers[action],
    button: createButton({
      label: offers[action].label(),
      appearance: 'secondary',
      className: 'small',
      onClick: () => post({ type: 'action', action }),
    }),
  }));
  const whole = element('div', 'actions', ...buttons.map(({ button }) => button));
  whole.setAttribute('role', 'group');
  whole.setAttribute('aria-label', l10n.t('Actions'));
  return {
    element: whole,
    update({ operation, host }) {
      const isWatched = host !== undefined;
      const inReach = isInReach(operation, isWatched);
      const focused = document.activeElement;
      for (const { offer, button } of buttons) {
        setHidden(button, (offer.acts && !inReach) || !offer.applies(operation, isWatched));
      }
      // The focus must not fall out of the page with the button that it was on.
      if (focused instanceof HTMLElement && whole.contains(focused) && focused.hasAttribute('hidden')) {
        whole.querySelector<HTMLElement>('vscode-button:not([hidden])')?.focus({ preventScroll: true });
      }
    },
  };
}
