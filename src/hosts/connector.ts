import { formatAddress } from './destination';
import type { HostLabel } from './hostErrors';
import { HostKeys, type HostKeyPrompt } from './hostKeys';
import { Login, SecretWanted, type LoginMeans } from './login';
import type { HostConfig } from './machine';
import { throughJump } from './proxyErrors';
import { loadSsh2, type Ssh2 } from './ssh2';
import { UntrustedHostKey, openClient, type OpenClient, type OpenRequest } from './sshClient';
import type { ResolvedHost } from './sshConfig';
import { openSocket } from './transport';
import { openForwarded } from './transportChannel';
import { openCommand } from './transportCommand';

export interface ConnectorOptions extends LoginMeans {
  host: HostConfig;
  /** Called for each new connection, so that a corrected SSH config counts at once. */
  resolve: () => Promise<ResolvedHost>;
  /** Where keys that the user accepted are kept. */
  ownKnownHostsFile: string;
  onKeyNotSaved: (error: unknown) => void;
}

/** One host to connect: the one wanted, or a jump host before it. */
interface Target {
  ssh2: Ssh2;
  host: ResolvedHost;
  label: HostLabel;
  signal: AbortSignal;
  /** The host for which this one is a jump host. */
  onTheWayTo?: HostLabel;
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
    const [ssh2, host] = await Promise.all([loadSsh2(), this.options.resolve()]);
    this.#label = { ...this.#label, address: formatAddress(host.hostName, host.port) };
    return this.#openOnWay({ ssh2, host, label: this.#label, signal });
  }

  /** Connects the host through those before it, which go when it goes. */
  async #openOnWay(target: Target): Promise<OpenClient> {
    const { host, label } = target;
    if (host.jumpHost === undefined) {
      return this.#openHost(target, (signal) =>
        host.proxyCommand === undefined
          ? openSocket(host, label, signal)
          : openCommand(host.proxyCommand, label, signal),
      );
    }
    const jump = labelOfJump(host.jumpHost);
    const outer = await this.#openJump({ ...target, host: host.jumpHost, label: jump, onTheWayTo: label });
    try {
      const through = { client: outer.client, label: jump };
      const inner = await this.#openHost(target, (signal) => openForwarded(through, host, label, signal));
      return closingBoth(inner, outer);
    } catch (error) {
      outer.close();
      throw error;
    }
  }

  async #openJump(target: Target & { onTheWayTo: HostLabel }): Promise<OpenClient> {
    try {
      return await this.#openOnWay(target);
    } catch (error) {
      throw throughJump(target.onTheWayTo, target.label, error);
    }
  }

  /** Logs in to a host whose key is trusted. */
  async #openHost(target: Target, reach: OpenRequest['reach']): Promise<OpenClient> {
    const { ssh2, host, label, signal } = target;
    const [login, keys] = await Promise.all([
      Login.prepare(ssh2, host, label, this.options),
      HostKeys.read(host, this.options.ownKnownHostsFile),
    ]);
    for (let keyQuestions = 0; ;) {
      try {
        const open = await openClient(ssh2, {
          label,
          host,
          login,
          reach,
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
          await keys.decide(label, error, prompt, target.onTheWayTo?.name);
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

const labelOfJump = ({ alias, hostName, port }: ResolvedHost): HostLabel => ({
  name: alias,
  address: formatAddress(hostName, port),
});

/** The inner connection runs within the outer one: it is closed first, and neither outlives the other. */
function closingBoth(inner: OpenClient, outer: OpenClient): OpenClient {
  inner.onClose(() => outer.close());
  return {
    client: inner.client,
    remoteAddress: inner.remoteAddress,
    get alive() {
      return inner.alive && outer.alive;
    },
    onClose: (listener) => inner.onClose(listener),
    close: () => {
      inner.close();
      outer.close();
    },
  };
}
