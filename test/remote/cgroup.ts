import { accessSync, constants, existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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

  /** Its processes have to have ended. */
  dispose(): void {
    rmdirSync(this.#folder);
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
