/** The commands that apply to the operation now. */
import * as l10n from '@vscode/l10n';
import {
  canAct,
  canArchive,
  canKill,
  canRestart,
  canResubmit,
  hasFolder,
  hasLog,
  hasOpenPort,
  onHost,
} from '../../src/operations/applicable';
import { canPause, canResume } from '../../src/operations/pausing';
import type { DetailAction, DetailOperation } from '../../src/views/detail/protocol';
import { element, setHidden } from '../shared/dom';
import { createButton } from '../shared/toolkit';
import { post } from './host';
import type { Part } from './part';

interface Offer {
  label: () => string;
  applies: (operation: DetailOperation, isWatched: boolean) => boolean;
}

const offers: Record<DetailAction, Offer> = {
  showLog: { label: () => l10n.t('Show Whole Log'), applies: onHost(hasLog) },
  openPort: { label: () => l10n.t('Open Port...'), applies: onHost(hasOpenPort) },
  closePort: {
    label: () => l10n.t('Stop Forwarding'),
    applies: ({ forwardedPort }) => forwardedPort !== undefined,
  },
  openTerminal: { label: () => l10n.t('Open Terminal'), applies: onHost(hasFolder) },
  pause: { label: () => l10n.t('Pause'), applies: onHost(canPause) },
  resume: { label: () => l10n.t('Resume'), applies: onHost(canResume) },
  startNow: {
    label: () => l10n.t('Start Now'),
    applies: onHost(({ untilFree }) => untilFree === true),
  },
  restart: { label: () => l10n.t('Restart...'), applies: onHost(canRestart) },
  resubmit: { label: () => l10n.t('Resubmit'), applies: onHost(canResubmit) },
  editAndResubmit: { label: () => l10n.t('Edit and Resubmit...'), applies: canAct },
  kill: { label: () => l10n.t('Kill'), applies: onHost(canKill) },
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
      const focused = document.activeElement;
      for (const { offer, button } of buttons) {
        setHidden(button, !offer.applies(operation, isWatched));
      }
      // The focus must not fall out of the page with the button that it was on.
      if (focused instanceof HTMLElement && whole.contains(focused) && focused.hasAttribute('hidden')) {
        whole.querySelector<HTMLElement>('vscode-button:not([hidden])')?.focus({ preventScroll: true });
      }
    },
  };
}
