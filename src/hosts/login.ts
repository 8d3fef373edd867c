import * as l10n from '@vscode/l10n';
import type { RemoteOperationsError } from '../operations/errors';
import { printable } from './destination';
import { planKeys, type KeyOffer, type KeyPlan } from './auth';
import {
  endlessQuestions,
  loginBrokenOff,
  loginDeclined,
  loginFailed,
  loginUnasked,
  passwordExpired,
  type HostLabel,
} from './hostErrors';
import type { HostQuestions } from './hostQuestions';
import { unlock, type LockedKey } from './keyFiles';
import type { Keyring } from './keyring';
import { Declined, isUsersNo, Unasked, type Answer } from './questions';
import { passphraseKey, passwordKey, type Vault } from './secrets';
import type { ResolvedHost } from './sshConfig';
import type { Ssh2 } from './ssh2';

/** What logins share: with the user, and with each other. */
export interface LoginMeans {
  questions: HostQuestions;
  vault: Vault;
  keyring: Keyring;
}

/** How often a passphrase, a password, or the answers to a host are asked for: as OpenSSH. */
const mostAttempts = 3;

/** The host would go on with a secret that is to be asked for without keeping it waiting. */
export class SecretWanted extends Error {
  constructor(readonly what: LockedKey | 'password') {
    super('A secret has to be asked for.');
  }
}

/**
 * One login to one host, over as many connections as it takes: what the host refused is not offered again, what
 * the user typed is tried with the next one.
 */
export class Login {
  readonly #refused = new Set<string>();
  readonly #problems: string[];
  readonly #offered = new Set<string>();
  #password: (Answer & { isNew: boolean }) | undefined;
  #passwordAttempts = 0;
  #challengeAttempts = 0;
  #wasAsked = false;
  /** What could not be asked for. */
  #unasked: string | undefined;

  private constructor(
    readonly ssh2: Ssh2,
    readonly host: ResolvedHost,
    readonly label: HostLabel,
    private readonly means: LoginMeans,
    private readonly plan: KeyPlan,
  ) {
    this.#problems = [...plan.problems];
  }

  static async prepare(ssh2: Ssh2, host: ResolvedHost, label: HostLabel, means: LoginMeans): Promise<Login> {
    return new Login(ssh2, host, label, means, await planKeys(ssh2, host, means.keyring));
  }

  /** The keys that the host has not refused; those that were opened meanwhile are at hand. */
  offers(): KeyOffer[] {
    return this.plan.offers
      .filter(({ id }) => !this.#refused.has(id))
      .map((offer) => {
        const key = offer.how.by === 'passphrase' ? this.means.keyring.get(offer.how.key.id) : undefined;
        return key ? { ...offer, how: { by: 'file', key } } : offer;
      });
  }

  noteOffered({ name, how }: KeyOffer): void {
    this.#offered.add(how.by === 'agent' ? l10n.t('the keys of the SSH agent') : name);
  }

  noteRefused({ id }: KeyOffer): void {
    this.#refused.add(id);
  }

  noteProblem(problem: string): void {
    if (!this.#problems.includes(problem)) {
      this.#problems.push(problem);
    }
  }

  /** Whether a key can be opened, if need be by asking. */
  async canOpen({ id, path }: LockedKey): Promise<boolean> {
    if ((await this.means.vault.get(passphraseKey(id))) !== undefined) {
      return true;
    }
    return this.#mayAskFor(l10n.t('the passphrase of {0}', printable(path)));
  }

  /** Whether the host may put its questions once more. */
  beginChallenge(): boolean {
    if (this.#challengeAttempts >= mostAttempts || !this.#mayAskFor(l10n.t('answers to its questions'))) {
      return false;
    }
    this.#challengeAttempts += 1;
    return true;
  }

  /** The host went on to another method. */
  noteChallengePassed(): void {
    this.#challengeAttempts = 0;
  }

  async askChallenge(
    question: { title: string; instructions: string; prompt: string; echo: boolean },
    signal: AbortSignal,
  ): Promise<string> {
    this.#wasAsked = true;
    const { text } = await this.means.questions.ask(
      { kind: 'challenge', ...this.label, user: this.host.user, ...question },
      signal,
    );
    return text;
  }

  /** The password at hand; null if it can be asked for, undefined if not. */
  async password(): Promise<string | null | undefined> {
    const kept = this.#password ? undefined : await this.means.vault.get(passwordKey(this.host));
    if (kept !== undefined) {
      this.#password = { text: kept, remember: false, isNew: false };
    }
    if (this.#password) {
      return this.#password.text;
    }
    return this.#passwordAttempts < mostAttempts && this.#mayAskFor(l10n.t('a password')) ? null : undefined;
  }

  async notePasswordRefused(): Promise<void> {
    this.noteProblem(
      this.#password?.isNew === false
        ? l10n.t('The password that was kept is wrong, and was forgotten')
        : l10n.t('The password was wrong'),
    );
    this.#password = undefined;
    await this.means.vault.forget(passwordKey(this.host));
  }

  /** Asks for what is wanted, while no connection waits for it. @throws NeedsLogin */
  async provide({ what }: SecretWanted, signal: AbortSignal): Promise<void> {
    try {
      if (what === 'password') {
        await this.askPassword(signal);
      } else {
        await this.#openKey(what, signal);
      }
    } catch (error) {
      if (isUsersNo(error)) {
        // Said to another host that wants the same key, perhaps.
        this.means.questions.decline();
      }
      throw this.explain(error);
    }
  }

  async askPassword(signal: AbortSignal): Promise<void> {
    this.#wasAsked = true;
    this.#passwordAttempts += 1;
    const { user } = this.host;
    const answer = await this.means.questions.ask(
      { kind: 'password', ...this.label, user, attempt: this.#passwordAttempts },
      signal,
    );
    this.#password = { ...answer, isNew: true };
  }

  /** The host accepted it all: only now is a password known to be right. */
  async succeed(): Promise<void> {
    if (this.#password?.isNew) {
      await this.means.vault.put(passwordKey(this.host), this.#password.text, this.#password.remember);
    }
  }

  /** What to tell when nothing is left to try. @param reason the host's own words */
  failed(reason?: string): RemoteOperationsError {
    if (this.#wasAsked) {
      this.means.questions.decline();
    } else if (this.#unasked !== undefined) {
      return loginUnasked(this.label, this.#unasked);
    }
    return loginFailed(this.label, {
      user: this.host.user,
      offers: [...this.#offered],
      problems: this.#problems,
      wasAsked: this.#wasAsked,
      ...(reason !== undefined && { reason }),
    });
  }

  brokenOff(): RemoteOperationsError {
    return this.#unanswered(loginBrokenOff(this.label));
  }

  endless(): RemoteOperationsError {
    return this.#unanswered(endlessQuestions(this.label));
  }

  passwordExpired(): RemoteOperationsError {
    return this.#unanswered(passwordExpired(this.label));
  }

  /** What a failure while asking means for the login. */
  explain(error: unknown): unknown {
    if (error instanceof Declined) {
      return loginDeclined(this.label);
    }
    return error instanceof Unasked ? loginUnasked(this.label, l10n.t('answers to its questions')) : error;
  }

  #unanswered(error: RemoteOperationsError): RemoteOperationsError {
    this.means.questions.decline();
    return error;
  }

  #mayAskFor(what: string): boolean {
    const { mayAsk } = this.means.questions;
    if (!mayAsk) {
      this.#unasked ??= what;
    }
    return mayAsk;
  }

  /** A key that stays closed counts as refused. */
  async #openKey(locked: LockedKey, signal: AbortSignal): Promise<void> {
    const key = await this.means.keyring.open(locked.id, () => this.#askPassphrase(locked, signal));
    if (!key) {
      this.#refused.add(locked.id);
      this.noteProblem(l10n.t('The passphrase of {0} was wrong', printable(locked.path)));
    }
  }

  async #askPassphrase(locked: LockedKey, signal: AbortSignal) {
    const { vault, questions } = this.means;
    const kept = await vault.get(passphraseKey(locked.id));
    if (kept !== undefined) {
      const key = unlock(this.ssh2, locked, kept);
      if (key) {
        return key;
      }
      await vault.forget(passphraseKey(locked.id));
    }
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      this.#wasAsked = true;
      const { text, remember } = await questions.ask(
        { kind: 'passphrase', ...this.label, keyFile: printable(locked.path), attempt },
        signal,
      );
      const key = unlock(this.ssh2, locked, text);
      if (key && remember) {
        await vault.put(passphraseKey(locked.id), text, true);
      }
      if (key) {
        return key;
      }
    }
    return undefined;
  }
}
