import { LocalMachine } from '../../src/hosts/localMachine';
import type { Conversation, ConverseOptions, RunOptions, RunResult } from '../../src/hosts/machine';

/**
 * This machine, with a shell of choice: shows that our scripts mean the same to every shell. What the
 * network adds is tested over a real sshd.
 *
 * @param shell program and arguments that come before `-c`
 */
export const machineWithShell = (shell: readonly string[], home: string): LocalMachine =>
  new LocalMachine({ host: { id: 'here' }, shell, home });

/** This machine, which counts what it is asked: each run, and each request in a conversation. */
export class CountedMachine extends LocalMachine {
  requests = 0;

  constructor(home: string) {
    super({ host: { id: 'here' }, home });
  }

  override run(script: string, options: RunOptions): Promise<RunResult> {
    this.requests += 1;
    return super.run(script, options);
  }

  override async converse(script: string, options: ConverseOptions): Promise<Conversation | undefined> {
    const conversation = await super.converse(script, options);
    return (
      conversation && {
        get isOpen() {
          return conversation.isOpen;
        },
        ask: (input, ask) => {
          this.requests += 1;
          return conversation.ask(input, ask);
        },
        close: () => conversation.close(),
      }
    );
  }
}
