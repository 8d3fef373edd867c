import type { Duplex } from 'node:stream';
import * as l10n from '@vscode/l10n';
import type { BaseAgent, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import { Deadline, untilAborted } from './deadline';
import type { Ssh2 } from './ssh2';

/** A key that the user's agent holds, and signs with. */
export interface AgentKey {
  publicKey: ParsedKey;
  agent: BaseAgent<ParsedKey>;
}

/** An agent answers from memory: one that hangs must not hold up the login. */
const listMs = 5_000;
/** Some ask their user first, or want a security key to be touched. */
const signMs = 60_000;

/** @throws Error when the agent cannot be asked or does not answer */
export async function listAgentKeys(ssh2: Ssh2, socket: string): Promise<AgentKey[]> {
  const agent = ssh2.createAgent(socket) as BaseAgent<ParsedKey>;
  const deadline = new Deadline(listMs);
  const listing = new Promise<ParsedKey[]>((resolve, reject) => {
    endingWith(deadline.signal, agent);
    agent.getIdentities((error, keys) => (error ? reject(error) : resolve((keys ?? []) as ParsedKey[])));
  });
  try {
    const keys = await untilAborted(listing, deadline.signal);
    return keys.map((publicKey) => ({ publicKey, agent }));
  } catch (error) {
    throw deadline.signal.aborted ? new Error(l10n.t('no answer within {0} s', listMs / 1000)) : error;
  } finally {
    deadline.clear();
  }
}

/** Does not leave the socket to an agent that hangs open for good. */
function endingWith(signal: AbortSignal, agent: BaseAgent<ParsedKey>): void {
  const getStream = agent.getStream?.bind(agent);
  if (getStream) {
    agent.getStream = (callback) =>
      getStream((error: Error | null | undefined, stream?: Duplex) => {
        signal.addEventListener('abort', () => stream?.destroy(), { once: true });
        callback(error, stream);
      });
  }
}

export interface SigningEvents {
  /** Signing may take the user's time, which is not the host's. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  onSigned(): void;
  onFailed(): void;
}

/** An agent with this one key: so that it is known which key a host answered about. */
export function oneKeyAgent(ssh2: Ssh2, { publicKey, agent }: AgentKey, events: SigningEvents): BaseAgent {
  class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(callback: Parameters<BaseAgent<ParsedKey>['getIdentities']>[0]): void {
      callback(null, [publicKey]);
    }

    /** ssh2 always passes all four. */
    override sign(key: unknown, data: Buffer, options: unknown, callback?: SignCallback): void {
      events
        .hold(() => signature(agent, key as ParsedKey, data, options as SigningRequestOptions))
        .then(
          (signed) => {
            events.onSigned();
            callback?.(undefined, signed);
          },
          (error: unknown) => {
            events.onFailed();
            callback?.(error instanceof Error ? error : new Error(String(error)));
          },
        );
    }
  }
  return new OneKeyAgent();
}

async function signature(
  agent: BaseAgent<ParsedKey>,
  key: ParsedKey,
  data: Buffer,
  options: SigningRequestOptions,
): Promise<Buffer> {
  const deadline = new Deadline(signMs);
  const signing = new Promise<Buffer>((resolve, reject) =>
    agent.sign(key, data, options, (error, signed) =>
      signed ? resolve(signed) : reject(error ?? new Error(l10n.t('no signature'))),
    ),
  );
  try {
    return await untilAborted(signing, deadline.signal);
  } catch (error) {
    throw deadline.signal.aborted ? new Error(l10n.t('no signature within {0} s', signMs / 1000)) : error;
  } finally {
    deadline.clear();
  }
}
