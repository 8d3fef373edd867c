import assert from 'node:assert/strict';
import { readdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import type { Evidence } from '../../src/operations/evidence';
import { resourcesOf } from '../../src/operations/hostRates';
import type { HostReading } from '../../src/operations/hostReading';
import type { Operation } from '../../src/operations/operation';
import type { Resources } from '../../src/operations/operationView';
import { repositoryRoot } from '../testbed/repositoryRoot';
import { hostName, type ScriptHost } from './scriptsSupport';

/** Looks at operations as the engine does while somebody watches. */
export class Sampler {
  /** Newest first. */
  readonly readings: HostReading[] = [];
  evidence: ReadonlyMap<string, Evidence> = new Map();

  constructor(
    private readonly host: ScriptHost,
    private readonly operations: readonly Operation[],
    private readonly launcher: ProcessLauncher = host.launcher,
  ) {}

  /** @returns what the host told this time; nothing where it tells nothing */
  async look(): Promise<HostReading | undefined> {
    const told: HostReading[] = [];
    const requests = this.operations.map((operation) => ({ operation, detail: true }));
    this.evidence = await this.launcher.probe(this.host.machine, hostName, requests, {
      onReading: (reading) => told.push(reading),
    });
    assert.ok(told.length <= 1);
    this.readings.unshift(...told);
    return told[0];
  }

  async reading(): Promise<HostReading> {
    const reading = await this.look();
    assert.ok(reading);
    return reading;
  }

  resources({ id }: Pick<Operation, 'id'>): Resources | undefined {
    const [now, ...earlier] = this.readings;
    return now && resourcesOf(id, now, earlier);
  }
}

/** Hundredths of a second of processor time that the processes of a session and their ended children have had. */
export function ticksOfSession(session: number): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => statFields(pid))
    .filter((fields) => fields[3] === String(session))
    .reduce((sum, fields) => sum + fields.slice(11, 15).reduce((all, each) => all + Number(each), 0), 0);
}

function statFields(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const goldenFolder = path.join(repositoryRoot, 'test/remote/goldenSmi');

export const goldenNames = readdirSync(goldenFolder).filter((name) => !name.endsWith('.md'));

/** A nvidia-smi that says what is kept under this name. @param pid of the process that uses its GPUs */
export function installGoldenSmi(host: ScriptHost, name: string, pid: number): void {
  const text = (file: string) => {
    const whole = path.join(goldenFolder, name, file);
    return existsSync(whole) ? readFileSync(whole, 'utf8').replaceAll('PID', String(pid)) : '';
  };
  const folder = host.folder('smi');
  for (const file of ['gpus', 'apps', 'mig-refused']) {
    writeFileSync(path.join(folder, file), text(file));
  }
  const status = Number(text('status'));
  host.install(
    'nvidia-smi',
    `#!/bin/sh
fields=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,power.limit
[ "$2" = --format=csv,noheader,nounits ] || exit 2
case $1 in
  --query-gpu=$fields,mig.mode.current)
    if [ -s '${folder}/mig-refused' ]; then cat '${folder}/mig-refused'; exit 2; fi
    cat '${folder}/gpus' ;;
  --query-gpu=$fields) cat '${folder}/gpus' ;;
  --query-compute-apps=gpu_uuid,pid,used_memory) cat '${folder}/apps' ;;
  *) exit 2 ;;
esac
exit ${status}
`,
  );
}
