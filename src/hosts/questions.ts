import * as l10n from '@vscode/l10n';
import type { HostLabel } from './hostErrors';
import type { HostKeyQuestion } from './hostKeys';

/** What a login may need of the user. Texts of the host are cut and cleaned before they get here. */
export type Question =
  ({ kind: 'host-key' } & HostKeyQuestion) | PassphraseQuestion | PasswordQuestion | ChallengeQuestion;

export interface PassphraseQuestion extends HostLabel {
  kind: 'passphrase';
  keyFile: string;
  /** Counts from 1: those before were wrong. */
  attempt: number;
}

export interface PasswordQuestion extends HostLabel {
  kind: 'password';
  user: string;
  attempt: number;
}

/** One prompt of keyboard-interactive, in the host's words. */
export interface ChallengeQuestion extends HostLabel {
  kind: 'challenge';
  user: string;
  title: string;
  instructions: string;
  prompt: string;
  /** Whether the answer may be read on the screen. */
  echo: boolean;
}

/** To a host key any answer means that it is accepted. */
export interface Answer {
  text: string;
  /** Keep it beyond this session. */
  remember: boolean;
}

/** A window that can put a question to its user. */
export interface Asker {
  /** `undefined`: cancelled. An abort of the signal takes the question back. */
  ask(question: Question, signal: AbortSignal): Promise<Answer | undefined>;
}

/** A question would have to be asked, and no user wants anything of the host just now. */
export class Unasked extends Error {
  constructor() {
    super(l10n.t('Nobody wants anything of the host just now.'));
  }
}

/** The user was asked and gave no answer, now or earlier. */
export class Declined extends Error {
  constructor() {
    super(l10n.t('The question was not answered.'));
  }
}

/** The question was taken back before there was an answer: the user may never have seen it. */
export class TakenBack extends Declined {}

/** Nobody is to be asked the same again for another host. */
export const isUsersNo = (error: unknown): boolean =>
  error instanceof Declined && !(error instanceof TakenBack);
