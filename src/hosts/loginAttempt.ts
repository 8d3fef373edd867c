import * as l10n from '@vscode/l10n';
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, ParsedKey, Prompt } from 'ssh2';
import { oneKeyAgent } from './agent';
import type { KeyOffer } from './auth';
import { printable } from './destination';
import type { LockedKey } from './keyFiles';
import { SecretWanted, type Login } from './login';

/** The connection that is to be logged in. */
export interface LoginConnection {
  /** Does what takes the user's time; the connection's own time limit stands still. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Ends the connection, whose opening rejects with this. */
  abandon(reason: unknown): void;
  /** Aborted once the connection is over. */
  readonly signal: AbortSignal;
}

/** PAM modules ask two or three times. */
const mostRounds = 10;
const mostPrompts = 10;

/** Of PreferredAuthentications in ssh_config(5), what can be done here. */
const usualOrder = ['publickey', 'keyboard-interactive', 'password'];

type Tried =
  | { what: 'nothing' | 'challenge' | 'password' }
  | { what: 'key'; offer: KeyOffer; outcome?: 'signed' | 'unsigned' | 'wanted' };

/** Goes through the methods on one connection as the host asks for more, in the order of OpenSSH. */
export class LoginAttempt {
  /** No method is left. */
  exhausted = false;
  /** The user is being asked while the host waits. */
  isAsking = false;
  readonly #offers: KeyOffer[];
  #accepts: readonly AuthenticationType[] = [];
  #tried: Tried = { what: 'nothing' };
  /** Answers of the user that only this connection knows of. */
  #passedChallenge = false;
  #rounds = 0;

  constructor(
    private readonly login: Login,
    private readonly connection: LoginConnection,
  ) {
    this.#offers = login.offers();
  }

  readonly handler: AuthHandlerMiddleware = (
    accepts: AuthenticationType[] | null,
    partial: boolean | null,
    next,
  ) => {
    this.#next(accepts, partial === true).then(
      (method) => {
        if (!this.connection.signal.aborted) {
          this.exhausted = method === undefined;
          // The documented way to say "no more"; the types lack it.
          next(method ?? (false as unknown as AuthenticationType));
        }
      },
      (error: unknown) => this.connection.abandon(this.login.explain(error)),
    );
  };

  /** The connection ended: some hosts say in this way that a password was wrong. */
  noteEnd(): void {
    if (this.#tried.what === 'password') {
      void this.login.notePasswordRefused();
    }
  }

  async #next(
    accepts: readonly AuthenticationType[] | null,
    partial: boolean,
  ): Promise<AnyAuthMethod | undefined> {
    const { username } = this;
    if (accepts === null) {
      return { type: 'none', username };
    }
    const last = this.#tried;
    this.#tried = { what: 'nothing' };
    this.#accepts = accepts;
    if (last.what === 'key' && last.outcome === 'signed' && last.offer.how.by === 'agent') {
      // ssh2 keeps the answer to itself, which may be that this key was the first of several steps.
      return { type: 'none', username };
    }
    await this.#conclude(last, partial);
    for (const name of this.login.host.preferredAuthentications ?? usualOrder) {
      const method = await this.#method(name);
      if (method) {
        return method;
      }
    }
    return undefined;
  }

  /** `undefined`: the host does not want it, or there is nothing left to try. */
  async #method(name: string): Promise<AnyAuthMethod | undefined> {
    switch (name) {
      case 'publickey':
        return this.#nextKey();
      case 'keyboard-interactive':
        return this.#challenge();
      case 'password':
        return this.#password();
      default:
        return undefined;
    }
  }

  get username(): string {
    return this.login.host.user;
  }

  async #conclude(last: Tried, partial: boolean): Promise<void> {
    if (last.what === 'challenge' && partial) {
      this.#passedChallenge = true;
      this.login.noteChallengePassed();
    } else if (last.what === 'challenge') {
      this.login.noteProblem(l10n.t('The answers to its questions were not accepted'));
    } else if (last.what === 'password' && !partial) {
      await this.login.notePasswordRefused();
    } else if (last.what === 'key' && !partial) {
      await this.#concludeKey(last.offer, last.outcome);
    }
  }

  async #concludeKey(offer: KeyOffer, outcome: 'signed' | 'unsigned' | 'wanted' | undefined): Promise<void> {
    const { how } = offer;
    if (outcome === 'wanted' && how.by === 'passphrase') {
      await this.#want(how.key);
    } else if (outcome !== 'unsigned') {
      this.login.noteRefused(offer);
    }
  }

  /** @throws SecretWanted unless it cannot be had */
  async #want(key: LockedKey): Promise<void> {
    if (await this.login.canOpen(key)) {
      throw new SecretWanted(key);
    }
    this.login.noteProblem(
      l10n.t('{0} is protected by a passphrase: load it with ssh-add', printable(key.path)),
    );
  }

  async #nextKey(): Promise<AnyAuthMethod | undefined> {
    let offer: KeyOffer | undefined;
    while (this.#accepts.includes('publickey') && (offer = this.#offers.shift())) {
      const { how } = offer;
      if (how.by !== 'passphrase' || how.key.publicKey) {
        return this.#offer(offer);
      }
      // Nothing of it can be shown to the host before it is open.
      await this.#want(how.key);
    }
    return undefined;
  }

  #offer(offer: KeyOffer): AnyAuthMethod {
    const { username } = this;
    const tried: Tried = { what: 'key', offer };
    this.#tried = tried;
    this.login.noteOffered(offer);
    switch (offer.how.by) {
      case 'file':
        return { type: 'publickey', username, key: offer.how.key };
      case 'agent': {
        const agent = oneKeyAgent(this.login.ssh2, offer.how.key, {
          hold: (work) => this.connection.hold(work),
          onSigned: () => (tried.outcome = 'signed'),
          onFailed: () => (tried.outcome = 'unsigned'),
        });
        return { type: 'agent', username, agent };
      }
      case 'passphrase': {
        const key = closedKey(offer.how.key, () => (tried.outcome = 'wanted'));
        return { type: 'publickey', username, key };
      }
    }
  }

  #challenge(): AnyAuthMethod | undefined {
    if (!this.#accepts.includes('keyboard-interactive') || !this.login.beginChallenge()) {
      return undefined;
    }
    this.#tried = { what: 'challenge' };
    const prompt = (
      title: string,
      instructions: string,
      _language: string,
      prompts: Prompt[],
      finish: (answers: string[]) => void,
    ) => {
      this.#answer({ title, instructions, prompts }).then(
        (answers) => this.connection.signal.aborted || finish(answers),
        (error: unknown) => this.connection.abandon(this.login.explain(error)),
      );
    };
    return { type: 'keyboard-interactive', username: this.username, prompt };
  }

  async #answer(round: { title: string; instructions: string; prompts: Prompt[] }): Promise<string[]> {
    this.#rounds += 1;
    if (this.#rounds > mostRounds || round.prompts.length > mostPrompts) {
      throw this.login.endless();
    }
    const [title, instructions] = [printable(round.title), printable(round.instructions)];
    return this.#asking(async () => {
      const answers: string[] = [];
      for (const { prompt, echo } of round.prompts) {
        const question = { title, instructions, prompt: printable(prompt), echo: echo === true };
        answers.push(await this.login.askChallenge(question, this.connection.signal));
      }
      return answers;
    });
  }

  async #password(): Promise<AnyAuthMethod | undefined> {
    if (!this.#accepts.includes('password')) {
      return undefined;
    }
    let password = await this.login.password();
    if (password === null) {
      if (!this.#passedChallenge) {
        throw new SecretWanted('password');
      }
      await this.#asking(() => this.login.askPassword(this.connection.signal));
      password = await this.login.password();
    }
    if (typeof password !== 'string') {
      return undefined;
    }
    this.#tried = { what: 'password' };
    return { type: 'password', username: this.username, password };
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    this.isAsking = true;
    try {
      return await this.connection.hold(ask);
    } finally {
      this.isAsking = false;
    }
  }
}

/** Offers the public part; that a signature is asked for says that the host takes the key. */
function closedKey({ publicKey }: LockedKey, onWanted: () => void): ParsedKey {
  // ssh2 knows its own kind of key by what that inherits.
  return Object.create(publicKey ?? null, {
    isPrivateKey: { value: () => true },
    sign: {
      value: () => {
        onWanted();
        return new Error(l10n.t('protected by a passphrase'));
      },
    },
  }) as ParsedKey;
}
