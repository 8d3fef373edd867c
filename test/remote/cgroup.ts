import { accessSync, constants, existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../testbed/eventually';

/** Of the second version, or a hierarchy of the first that needs no settings before it takes a process. */
const root = ['', 'unified', 'freezer']
  .map((name) => path.join('/sys/fs/cgroup', name))
  .find((folder) => existsSync(path.join(folder, 'cgroup.procs')) && isWritable(folder));

export const mayMakeCgroups = root !== undefined;

/** A control group as what runs containers makes one for each. */
export class Cgroup {
  readonly #folder: string;

  constructor(name: string) {
    this.#folder = path.join(root ?? '', name);
    mkdirSync(this.#folder);
  }

  add(pid: number): void {
    writeFileSync(path.join(this.#folder, 'cgroup.procs'), String(pid));
  }

  /** Its processes have to have been ended: the kernel lets go of it some time after the last has. */
  async dispose(): Promise<void> {
    await eventually('its processes to leave the control group', () => isRemoved(this.#folder));
  }
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') {
      return false;
    }
    throw error;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(path.join(folder, 'cgroup.procs'), constants.W_OK);
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
