import { formatAddress } from './destination';
import type { HostLabel } from './hostErrors';
import { HostKeys, type HostKeyPrompt } from './hostKeys';
import { Login, SecretWanted, type LoginMeans } from './login';
import type { HostConfig } from './machine';
import { loadSsh2 } from './ssh2';
import { UntrustedHostKey, openClient, type OpenClient } from './sshClient';
import type { ResolvedHost } from './sshConfig';

export interface ConnectorOptions extends LoginMeans {
  host: HostConfig;
  /** Called for each new connection, so that a corrected SSH config counts at once. */
  resolve: () => Promise<ResolvedHost>;
  /** Where keys that the user accepted are kept. */
  ownKnownHostsFile: string;
  onKeyNotSaved: (error: unknown) => void;
}

/** A host may be behind a load balancer and show another key at each try: not for ever. */
const maxQuestions = 3;

/** Opens connections to one host whose key is trusted, asking the user about one that is not known. */
export class Connector {
  #label: HostLabel;

  constructor(private readonly options: ConnectorOptions) {
    const { host } = options;
    this.#label = { name: host.name ?? host.id, address: formatAddress(host.host, host.port ?? 22) };
  }

  /** How messages name the host; its address is known for sure after the first attempt. */
  get label(): HostLabel {
    return this.#label;
  }

  async open(signal: AbortSignal): Promise<OpenClient> {
    const { resolve, ownKnownHostsFile } = this.options;
    const [ssh2, host] = await Promise.all([loadSsh2(), resolve()]);
    this.#label = { ...this.#label, address: formatAddress(host.hostName, host.port) };
    const [login, keys] = await Promise.all([
      Login.prepare(ssh2, host, this.#label, this.options),
      HostKeys.read(host, ownKnownHostsFile),
    ]);
    for (let keyQuestions = 0; ;) {
      try {
        const open = await openClient(ssh2, {
          label: this.#label,
          host,
          login,
          isTrusted: (key) => keys.isTrusted(key),
          preferredKeyTypes: keys.preferredKeyTypes,
          signal,
        });
        await Promise.all([this.#keepAccepted(keys), login.succeed()]);
        return open;
      } catch (error) {
        // Connecting anew after the answer: no host waits with an open login for a user to read or type.
        if (error instanceof UntrustedHostKey) {
          const prompt = keyQuestions++ < maxQuestions ? this.#prompt(signal) : undefined;
          await keys.decide(this.#label, error, prompt);
        } else if (error instanceof SecretWanted) {
          await login.provide(error, signal);
        } else {
          throw error;
        }
      }
    }
  }

  #prompt(signal: AbortSignal): HostKeyPrompt {
    const { questions } = this.options;
    return {
      acceptHostKey: async (question) => {
        await questions.ask({ kind: 'host-key', ...question }, signal);
        return true;
      },
    };
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
