import { planAuth } from './auth';
import { formatAddress } from './destination';
import type { HostLabel } from './hostErrors';
import { HostKeys, type HostKeyPrompt } from './hostKeys';
import type { HostConfig } from './machine';
import { loadSsh2 } from './ssh2';
import { UntrustedHostKey, openClient, type OpenClient } from './sshClient';
import type { ResolvedHost } from './sshConfig';

export interface ConnectorOptions {
  host: HostConfig;
  /** Called for each new connection, so that a corrected SSH config counts at once. */
  resolve: () => Promise<ResolvedHost>;
  prompts: HostKeyPrompt;
  /** Where keys that the user accepted are kept. */
  ownKnownHostsFile: string;
  onKeyNotSaved: (error: unknown) => void;
}

/** A host may be behind a load balancer and show another key at each try: not for ever. */
const maxQuestions = 3;

/** Opens connections to one host whose key is trusted, asking the user about one that is not known. */
export class Connector {
  #label: HostLabel;
  #mayAsk = true;

  constructor(private readonly options: ConnectorOptions) {
    const { host } = options;
    this.#label = { name: host.name ?? host.id, address: formatAddress(host.host, host.port ?? 22) };
  }

  /** How messages name the host; its address is known for sure after the first attempt. */
  get label(): HostLabel {
    return this.#label;
  }

  /** After a question was declined, none is asked until the user wants to connect. */
  allowQuestions(): void {
    this.#mayAsk = true;
  }

  async open(signal: AbortSignal): Promise<OpenClient> {
    const { resolve, ownKnownHostsFile } = this.options;
    const [ssh2, host] = await Promise.all([loadSsh2(), resolve()]);
    this.#label = { ...this.#label, address: formatAddress(host.hostName, host.port) };
    const [auth, keys] = await Promise.all([planAuth(ssh2, host), HostKeys.read(host, ownKnownHostsFile)]);
    for (let questions = 0; ; questions++) {
      try {
        const open = await openClient(ssh2, {
          label: this.#label,
          host,
          auth,
          isTrusted: (key) => keys.isTrusted(key),
          preferredKeyTypes: keys.preferredKeyTypes,
          signal,
        });
        await this.#keepAccepted(keys);
        return open;
      } catch (error) {
        if (!(error instanceof UntrustedHostKey)) {
          throw error;
        }
        // Connecting anew after the answer: no host waits with an open login for a user to read.
        await this.#decide(keys, error, questions < maxQuestions);
      }
    }
  }

  async #decide(keys: HostKeys, error: UntrustedHostKey, mayAskAgain: boolean): Promise<void> {
    const prompts = this.#mayAsk && mayAskAgain ? this.options.prompts : undefined;
    try {
      this.#mayAsk = false;
      await keys.decide(this.#label, error, prompts);
      this.#mayAsk = true;
    } catch (refusal) {
      // Whoever wanted to connect while the question stood has the answer.
      this.#mayAsk = false;
      throw refusal;
    }
  }

  /** Where it fails, the user is asked again next time, which is no reason to refuse the connection. */
  async #keepAccepted(keys: HostKeys): Promise<void> {
    try {
      await keys.keepAccepted();
    } catch (error) {
      this.options.onKeyNotSaved(error);
    }
  }
}
