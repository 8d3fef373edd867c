import * as vscode from 'vscode';
import { commands } from '../ids';
import { hostFor } from './pickHost';
import type { Handlers } from './registerAll';
import { settle } from './settle';
import { start } from './start';
import type { Starting } from './submitCommand';

const name = 'sample-training';
/** Two minutes of what a training prints: it counts and sleeps, and leaves nothing behind. */
const command =
  'for epoch in $(seq 1 40); do sleep 3; echo "Epoch $epoch/40 - loss: 0.$((100 - 2 * epoch))"; done';

/** What the walkthrough offers to those who have nothing to start yet. */
export function sampleCommands({ service, onStarted }: Starting): Handlers {
  return {
    submitSample: async () => {
      // Right after the start the hosts are not known yet: this waits until they are.
      await service.list({ sync: false });
      if (service.hosts().length === 0) {
        await vscode.commands.executeCommand(commands.addHost);
        if (service.hosts().length === 0) {
          return;
        }
      }
      const host = await hostFor(service, undefined, vscode.l10n.t('On which host?'));
      if (host) {
        const settled = await settle(service, { hostId: host.id, type: 'job', name, command });
        if (settled) {
          await start(name, settled.act, onStarted);
        }
      }
    },
  };
}
