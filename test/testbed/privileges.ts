import { accessSync, constants, readFileSync } from 'node:fs';

const sysAdmin = 21n;

/** Whether the kernel lets this process administer the machine: root does not say so, in a container. */
function hasCapability(bit: bigint): boolean {
  try {
    const [, effective = '0'] =
      /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
  } catch {
    return false;
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export const mayMount = hasCapability(sysAdmin);

/** Tells the kernel which pid it gave out last, so that the next process gets the one after it. */
export const lastPidFile = '/proc/sys/kernel/ns_last_pid';
export const mayChoosePids = hasCapability(sysAdmin) && isWritable(lastPidFile);

/** Whether users can be added to this machine, which sshd needs to check passwords. */
export const mayAddUsers = process.getuid?.() === 0 && isWritable('/etc/shadow');
