import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Machine } from '../../hosts/machine';
import { isRemoteOperationsError } from '../../operations/errors';
import type { SubmitSpec } from '../../operations/operation';
import type { Clock } from '../clock';
import { makeManifest } from '../upload/manifest';
import { LocalChange, LocalProblem, UploadRefused } from '../upload/problems';
import { takeStock } from '../upload/stock';
import { upload } from '../upload/uploader';
import { next, remoteName, type CaseEvent, type CaseRecord } from './caseRecord';
import type { WatchFolderConfig } from './config';
import type { Ledger } from './ledger';
import { expand } from './template';

export interface CaseRunOptions {
  config: WatchFolderConfig;
  ledger: Ledger;
  machine: Machine;
  hostName: string;
  nonce: () => string;
  clock: Clock;
  /** Starts an operation under this id, if there is none of that id. Resolves once it is stored. */
  submitOnce: (id: string, spec: SubmitSpec) => Promise<void>;
  signal: AbortSignal;
  onProgress: (doneBytes: number, totalBytes: number) => void;
}

/** The user called the upload off. */
export class CalledOff extends Error {}

export const calledOff = (): CaseEvent => ({
  kind: 'failed',
  reason: l10n.t('The upload was called off. Retry to go on with it.'),
});

/**
 * Brings one case from `uploading` to `submitted`, or to why not. Each step is on the disk before the next
 * begins, and each can be done again. Rejects where it has to wait: the same call goes on then.
 */
export async function runCase(record: CaseRecord, options: CaseRunOptions): Promise<void> {
  const run = new CaseRun(record, options);
  try {
    await run.run();
  } catch (error) {
    const event = conclusion(error);
    if (!event) {
      throw error;
    }
    await run.note(event);
  }
}

/** What an error proves; `undefined`: nothing, so that the case waits. */
function conclusion(error: unknown): CaseEvent | undefined {
  if (error instanceof LocalChange) {
    return { kind: 'unquiet' };
  }
  if (error instanceof CalledOff) {
    return calledOff();
  }
  if (
    error instanceof LocalProblem ||
    error instanceof UploadRefused ||
    isRemoteOperationsError(error, 'InvalidInput')
  ) {
    return { kind: 'failed', reason: error.message };
  }
  return undefined;
}

class CaseRun {
  constructor(
    private record: CaseRecord,
    private readonly options: CaseRunOptions,
  ) {}

  async run(): Promise<void> {
    const { config, submitOnce, signal } = this.options;
    if (this.record.state === 'uploading') {
      await this.#upload();
    }
    const { token, remotePath, name } = this.record;
    if (this.record.state === 'uploaded' && token !== undefined && remotePath !== undefined) {
      signal.throwIfAborted();
      await submitOnce(token, expand(config, { caseName: name, remotePath }));
      await this.note({ kind: 'submitted' });
    }
  }

  async note(event: CaseEvent): Promise<void> {
    const { ledger, clock } = this.options;
    const after = next(this.record, event, new Date(clock.now()).toISOString());
    if (after) {
      await ledger.put(after);
      this.record = after;
    }
  }

  async #upload(): Promise<void> {
    const { config, signal, onProgress, ...others } = this.options;
    const { name, token = '' } = this.record;
    const root = path.join(config.path, name);
    const stock = await stockOf(root, signal);
    const manifest = await makeManifest(root, stock, signal);
    const { contentHash, fingerprint } = manifest;
    if (contentHash !== this.record.contentHash || fingerprint !== this.record.fingerprint) {
      await this.note({ kind: 'read', contentHash, fingerprint });
    }
    const beforePlacing = async () => {
      if ((await stockOf(root, signal)).fingerprint !== fingerprint) {
        throw new LocalChange(`${name} has changed`);
      }
    };
    onProgress(0, manifest.bytes);
    const remotePath = await upload({
      ...others,
      root,
      manifest,
      remoteDir: config.remoteDir,
      name: remoteName(this.record),
      token,
      bytesPerSecond: config.bytesPerSecond,
      signal,
      onProgress: (bytes) => onProgress(bytes, manifest.bytes),
      beforePlacing,
    });
    await this.note({ kind: 'uploaded', remotePath });
  }
}

/** @throws LocalChange when it is not there, or empty: the next look at the watched folder tells */
async function stockOf(root: string, signal: AbortSignal): ReturnType<typeof takeStock> {
  const stock = await takeStock(root, signal).catch((error: unknown) => {
    throw error instanceof LocalProblem ? new LocalChange(error.message, { cause: error }) : error;
  });
  if (stock.files.length === 0 && !stock.problem) {
    throw new LocalChange(`${root} is empty`);
  }
  return stock;
}
