import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../testbed/systemPackages.mjs';
import type { ScriptHost } from './scriptsSupport';

const commands = ['sbatch', 'squeue', 'sacct', 'sstat', 'scancel', 'scontrol', 'sinfo', 'sacctmgr'] as const;
export type SlurmCommand = (typeof commands)[number];

/** Counts the calls of Slurm's commands on a host, by programs of their names before them on its PATH. */
export class SlurmCalls {
  readonly #file: string;

  constructor(private readonly host: ScriptHost) {
    this.#file = path.join(host.home, 'slurm-calls');
    for (const command of commands) {
      this.wrap(command);
    }
  }

  /** What a command does from now on, when it was counted. */
  wrap(command: SlurmCommand, instead = `exec ${findProgram(command)} "$@"`): void {
    this.host.install(command, `#!/bin/sh\necho ${command} "$@" >>"${this.#file}"\n${instead}\n`);
  }

  count(command?: SlurmCommand): number {
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    const lines = text.split('\n').filter(Boolean);
    return lines.filter((line) => command === undefined || line.startsWith(`${command} `)).length;
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }
}
