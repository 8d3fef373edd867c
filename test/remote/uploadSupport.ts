import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../src/engine/clock';
import { makeManifest, type Manifest } from '../../src/engine/upload/manifest';
import { takeStock } from '../../src/engine/upload/stock';
import { upload, type UploadJob } from '../../src/engine/upload/uploader';
import type { Machine } from '../../src/hosts/machine';

export const never = new AbortController().signal;
export const nonce = () => randomBytes(8).toString('hex');

/** A local folder to be uploaded. */
export class LocalFolder {
  readonly root = mkdtempSync(path.join(tmpdir(), 'remote-operations-case-'));

  file(name: string, content: string | Buffer, mode = 0o644): this {
    mkdirSync(path.dirname(path.join(this.root, name)), { recursive: true });
    writeFileSync(path.join(this.root, name), content);
    chmodSync(path.join(this.root, name), mode);
    return this;
  }

  folder(name: string): this {
    mkdirSync(path.join(this.root, name), { recursive: true });
    return this;
  }

  link(name: string, target: string): this {
    symlinkSync(target, path.join(this.root, name));
    return this;
  }

  async manifest(): Promise<Manifest> {
    return makeManifest(this.root, await takeStock(this.root), never);
  }

  /** Uploads it as it is now. */
  async upload(machine: Machine, remoteDir: string, more: Partial<UploadJob> = {}): Promise<string> {
    return upload({
      machine,
      hostName: 'dgx-1',
      nonce,
      clock: systemClock,
      root: this.root,
      manifest: await this.manifest(),
      remoteDir,
      name: 'case',
      token: 'token-1',
      signal: never,
      onProgress: () => undefined,
      beforePlacing: () => Promise.resolve(),
      ...more,
    });
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
