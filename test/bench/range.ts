import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SshMachine } from '../../src/hosts/connection';
import { type FaultProxy, startFaultProxy } from '../testbed/faultProxy';
import { type Sshd, startSshd } from '../testbed/sshd';
import { sshHost } from './sshHost';

/** Round trip time of the network that everything is measured over. */
export const roundTripMs = 50;

/** What is measured on: a real sshd, far away, and a folder for stores. */
export interface Range {
  readonly sshd: Sshd;
  readonly proxy: FaultProxy;
  machine(hostId: string): SshMachine;
  newFolder(): Promise<string>;
  stop(): Promise<void>;
}

export async function startRange(): Promise<Range> {
  const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-bench-'));
  const sshd = await startSshd();
  const proxy = await startFaultProxy(sshd, { delayMs: roundTripMs });
  const machines: SshMachine[] = [];
  return {
    sshd,
    proxy,
    machine: (hostId) => {
      const machine = sshHost({ hostId, port: proxy.port, sshConfigFile: sshd.sshConfigFile });
      machines.push(machine);
      return machine;
    },
    newFolder: () => mkdtemp(path.join(folder, 'store-')),
    stop: async () => {
      machines.forEach((machine) => machine.dispose());
      await proxy.stop();
      await sshd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
