import * as vscode from 'vscode';
import type { HostKeyQuestion } from '../hosts/hostKeys';
import type { Answer, Asker, ChallengeQuestion, Question } from '../hosts/questions';
import { confirm } from './messages';
import { askSecret } from './secretInput';

/** Puts the questions of hosts to the user of this window. */
export class WindowPrompts implements Asker {
  async ask(question: Question, signal: AbortSignal): Promise<Answer | undefined> {
    switch (question.kind) {
      case 'host-key':
        return (await acceptsHostKey(question)) ? { text: '', remember: false } : undefined;
      case 'passphrase':
        return askSecret(
          {
            title: vscode.l10n.t('Passphrase for {0}', question.name),
            prompt: vscode.l10n.t('The passphrase of {0}', question.keyFile),
            ...(question.attempt > 1 && {
              problem: vscode.l10n.t('The passphrase of {0} was wrong. Try again.', question.keyFile),
            }),
            masked: true,
            canRemember: true,
          },
          signal,
        );
      case 'password':
        return askSecret(
          {
            title: vscode.l10n.t('Password for {0}', question.name),
            prompt: vscode.l10n.t('The password of {0} at {1}', question.user, question.address),
            ...(question.attempt > 1 && {
              problem: vscode.l10n.t('The password of {0} was wrong. Try again.', question.user),
            }),
            masked: true,
            canRemember: true,
          },
          signal,
        );
      case 'challenge':
        return askSecret(challengeInput(question), signal);
    }
  }
}

/** The words are the host's, and are shown as such. */
function challengeInput({ name, user, address, title, instructions, prompt, echo }: ChallengeQuestion) {
  const words = [title, instructions, prompt].filter((text) => text !== '').join(' · ');
  return {
    title: vscode.l10n.t('Login to {0}', name),
    prompt: vscode.l10n.t('{0} asks {1}: {2}', address, user, words),
    masked: !echo,
    canRemember: false,
  };
}

/** Shows the fingerprint of a host that is not known yet and lets the user decide. */
function acceptsHostKey(question: HostKeyQuestion): Promise<boolean> {
  const { name, address, keyType, fingerprint, onTheWayTo, isUncertified } = question;
  const accept = vscode.l10n.t('Accept and Connect');
  const detail = vscode.l10n.t(
    '{0} shows the {1} key\n{2}\n\nAccept it only if this is the fingerprint that the administrator of the host gives. It is then remembered, and a different key will be refused.',
    address,
    keyType,
    fingerprint,
  );
  const title =
    onTheWayTo === undefined
      ? vscode.l10n.t('The host "{0}" is not known yet.', name)
      : vscode.l10n.t('The host "{0}", through which {1} is reached, is not known yet.', name, onTheWayTo);
  const uncertified = vscode.l10n.t(
    'Your known_hosts names a certificate authority for it, but it shows no certificate of that authority that can be checked here.',
  );
  return confirm(title, isUncertified ? `${uncertified}\n\n${detail}` : detail, accept);
}
