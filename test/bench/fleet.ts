import { randomUUID } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Operation } from '../../src/operations/operation';
import { machineWithShell } from '../testbed/localMachine';
import { newLauncher } from './wholeEngine';

/** More would only wait for each other's processor time. */
const launchersAtOnce = 4;

/** Starts so many processes under supervisors of their own, as the extension does. */
export async function launchFleet(home: string, hostId: string, count: number): Promise<Operation[]> {
  const machine = machineWithShell(['sh'], home);
  const launcher = newLauncher();
  const launched: Operation[] = [];
  let begun = 0;
  const launchOthers = async () => {
    while (begun < count) {
      begun += 1;
      const operation = sleeper(hostId, begun);
      const place = await launcher.identify(machine, 'this machine');
      const outcome = await launcher.launch(machine, 'this machine', { ...operation, ...place });
      if (outcome.kind !== 'launched') {
        throw new Error(`Not launched: ${JSON.stringify(outcome)}`);
      }
      const { identity } = outcome;
      launched.push({ ...operation, status: 'running', identity, startedAt: operation.submittedAt });
    }
  };
  await Promise.all(Array.from({ length: launchersAtOnce }, launchOthers));
  return launched;
}

const sleeper = (hostId: string, at: number): Operation => ({
  id: randomUUID(),
  version: 1,
  spec: { hostId, type: 'program', name: `sleeper ${at}`, command: 'exec sleep 100000' },
  launcher: 'process',
  status: 'submitting',
  submittedAt: new Date().toISOString(),
});

/**
 * The same processes as the operations of another host: a run directory of another name each, so that to
 * look at them is as much work as if they were its own.
 */
export async function asSeenBy(
  home: string,
  hostId: string,
  fleet: readonly Operation[],
): Promise<Operation[]> {
  return Promise.all(
    fleet.map(async (operation) => {
      const id = randomUUID();
      await symlink(operation.id, path.join(home, '.remote-ops', 'runs', id));
      return { ...operation, id, spec: { ...operation.spec, hostId } };
    }),
  );
}
