import type { BaseAgent, ParsedKey } from 'ssh2';
import type { Ssh2 } from './ssh2';

interface Preference {
  /** Public keys to offer before the others. */
  first: readonly Buffer[];
  /** Public keys that are offered without the agent. */
  without: readonly Buffer[];
  /** Offer `first` and no other: IdentitiesOnly. */
  only: boolean;
}

/**
 * The user's agent with its keys in the order in which `ssh` offers them: hosts break off after a few
 * wrong ones (MaxAuthTries).
 */
export function orderedAgent(ssh2: Ssh2, socket: string, { first, without, only }: Preference): BaseAgent {
  const agent = ssh2.createAgent(socket) as BaseAgent<ParsedKey>;
  const isIn = (list: readonly Buffer[], key: ParsedKey) =>
    list.some((blob) => blob.equals(key.getPublicSSH()));

  class OrderedAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(callback: Parameters<BaseAgent<ParsedKey>['getIdentities']>[0]): void {
      agent.getIdentities((error, keys) => {
        if (error || !keys) {
          callback(error, keys);
          return;
        }
        const parsed = (keys as ParsedKey[]).filter((key) => !isIn(without, key));
        const preferred = parsed.filter((key) => isIn(first, key));
        callback(
          null,
          only ? preferred : [...preferred, ...parsed.filter((key) => !preferred.includes(key))],
        );
      });
    }

    override sign(...args: unknown[]): void {
      (agent.sign as (...args: unknown[]) => void).apply(agent, args);
    }
  }
  return new OrderedAgent();
}
