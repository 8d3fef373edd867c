import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ScriptHost } from './scriptsSupport';

/** As `lock_folder` (gpus.sh) finds it here. */
const lockFolder = '/run/lock';

/** A GPU, as nvidia-smi tells of it. */
export interface Gpu {
  uuid: string;
  usedMb?: string;
  mig?: string;
}

const newUuid = (): string =>
  `GPU-${randomBytes(4).toString('hex')}-0000-4000-8000-${randomBytes(6).toString('hex')}`;

/**
 * A stand-in for nvidia-smi that prints what a test wants, for GPUs that no other test has. Its output has the
 * form that NVIDIA documents for `--format=csv,noheader,nounits`.
 */
export class GpuStandIn {
  readonly gpus: Gpu[];

  constructor(
    private readonly host: Pick<ScriptHost, 'home' | 'install' | 'folder'>,
    count: number,
  ) {
    this.gpus = Array.from({ length: count }, () => ({ uuid: newUuid() }));
    const folder = path.join(host.home, 'smi');
    host.folder('smi');
    host.install(
      'nvidia-smi',
      `#!/bin/sh
case $1 in
  --query-compute-apps=gpu_uuid,pid) cat '${folder}/apps' ;;
  --query-gpu=index,uuid,memory.used,memory.total,mig.mode.current) cat '${folder}/gpus' ;;
  *) echo "Field is not a valid field to query."; exit 2 ;;
esac
`,
    );
    this.print();
  }

  /** @param apps processes on GPUs, by index */
  print(apps: readonly (readonly [index: number, pid: number])[] = []): void {
    const gpus = this.gpus.map(
      ({ uuid, usedMb = '3', mig = '[N/A]' }, at) => `${at}, ${uuid}, ${usedMb}, 81559, ${mig}\n`,
    );
    this.#write('gpus', gpus.join(''));
    this.#write('apps', apps.map(([index, pid]) => `${this.uuid(index)}, ${pid}\n`).join(''));
  }

  /** The driver is in trouble. */
  fail(text: string): void {
    this.host.install('nvidia-smi', `#!/bin/sh\necho "${text}"\nexit 9\n`);
  }

  uuid(index: number): string {
    return this.gpus[index]?.uuid ?? '';
  }

  /** The names of all locks on a GPU, with their texts. */
  locks(index: number): [name: string, text: string][] {
    return readdirSync(lockFolder)
      .filter((name) => name.startsWith(`remote-ops-gpu-${this.uuid(index)}.`))
      .map((name) => [name, readlinkSync(path.join(lockFolder, name))]);
  }

  /** Somebody made a lock, or what looks like one. */
  lock(index: number, number: number, text: string): void {
    symlinkSync(text, this.lockFile(index, number));
  }

  lockFile(index: number, number: number): string {
    return path.join(lockFolder, `remote-ops-gpu-${this.uuid(index)}.${number}`);
  }

  /** Takes all locks away. */
  dispose(): void {
    for (const { uuid } of this.gpus) {
      for (const name of readdirSync(lockFolder).filter((each) => each.includes(uuid))) {
        rmSync(path.join(lockFolder, name), { recursive: true, force: true });
      }
    }
  }

  #write(name: string, text: string): void {
    writeFileSync(path.join(this.host.home, 'smi', name), text);
  }
}
