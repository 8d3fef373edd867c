import { HostQuestions } from '../../src/hosts/hostQuestions';
import { Keyring } from '../../src/hosts/keyring';
import type { LoginMeans } from '../../src/hosts/login';
import { QuestionQueue } from '../../src/hosts/questionQueue';
import type { Asker } from '../../src/hosts/questions';
import { Vault, type Secrets } from '../../src/hosts/secrets';

/** A keychain in memory. */
export class MemorySecrets implements Secrets {
  readonly kept = new Map<string, string>();

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.kept.get(key));
  }

  set(key: string, value: string): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.kept.delete(key);
    return Promise.resolve();
  }
}

/** What a login needs besides a host. With an asker, there is a user all the time. */
export function loginMeans(asker?: Asker, secrets: Secrets = new MemorySecrets()): LoginMeans {
  const questions = new HostQuestions(new QuestionQueue());
  if (asker) {
    questions.permit(asker);
  }
  return { questions, vault: new Vault(secrets), keyring: new Keyring() };
}
