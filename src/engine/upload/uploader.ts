import * as l10n from '@vscode/l10n';
import { FileRefused, type MachineFiles, type OpenFile } from '../../hosts/machineFiles';
import type { Machine } from '../../hosts/machine';
import { NoSftp } from '../../hosts/hostErrors';
import { RemoteOperationsError } from '../../operations/errors';
import type { Clock } from '../clock';
import { HostFolder } from './hostFolder';
import { hashStart, readPieces, type Manifest, type ManifestFile } from './manifest';
import { UploadRefused } from './problems';
import { RateLimit } from './rateLimit';
import { inPortions, planFile } from './resume';

/** SFTP servers take at least this much in one request. */
const pieceBytes = 32 * 1024;
/** So many requests on the way for one file, and so many files at once: a round trip must not cost the line. */
const piecesAhead = 16;
const filesAtOnce = 8;
const portion = { mostItems: 500, mostBytes: 4 * 1024 ** 3 };
/** So many times in a row a host says that it takes no files until it is believed. */
const mostRefusals = 2;
/** What arrives damaged is sent anew so often. */
const mostRounds = 3;

export interface UploadJob {
  machine: Machine;
  hostName: string;
  nonce: () => string;
  clock: Clock;
  /** The local folder. */
  root: string;
  manifest: Manifest;
  /** The folder on the host to put it in, `~` allowed. It is made if it is not there. */
  remoteDir: string;
  /** Its name there. */
  name: string;
  /** Makes the temporary name one that nobody else uses. Letters, digits and hyphens. */
  token: string;
  bytesPerSecond?: number | undefined;
  signal: AbortSignal;
  /** Bytes that are on the host. */
  onProgress: (bytes: number) => void;
  /** Called when all is there, before it gets its name. What it throws keeps it from that. */
  beforePlacing: () => Promise<void>;
}

/**
 * Brings a folder to a host: under a temporary name, verified by size and hash, then renamed. What an earlier
 * call with the same token brought there is verified and continued. Doing it again once it is done changes nothing.
 * @returns its path on the host
 * @throws LocalProblem, LocalChange, UploadRefused; else as `Machine.run`: then it can be called again
 */
export async function upload(job: UploadJob): Promise<string> {
  const host = new HostFolder(job.machine, job.hostName, job.nonce, job.signal);
  const { manifest, remoteDir, name, token } = job;
  const stagingName = `.remote-ops-${manifest.contentHash.slice(0, 16)}-${token}`;
  const place = { folder: remoteDir, stagingName, token, name };
  const prepared = await host.prepare(place, manifest.folders);
  if (prepared.kind === 'exists') {
    await checkSame(host, prepared, job);
    return prepared.final;
  }
  const { staging } = prepared;
  await new Transfer(job, host, staging).run();
  await job.beforePlacing();
  const placed = await host.place(staging, name, manifest);
  if (placed !== undefined) {
    return placed;
  }
  // The answer to an earlier try may have been lost.
  const again = await host.prepare(place, []);
  if (again.kind === 'ready') {
    throw new RemoteOperationsError(
      'NoAnswer',
      l10n.t('What was uploaded to {0} was moved meanwhile.', job.hostName),
    );
  }
  await checkSame(host, again, job);
  return again.final;
}

/** What lies there under the final name is this upload, and nothing else. @throws UploadRefused */
async function checkSame(
  host: HostFolder,
  { final, entries }: { final: string; entries: number },
  { manifest, hostName, onProgress }: UploadJob,
): Promise<void> {
  const { files, folders, links } = manifest;
  let isSame = entries === files.length + folders.length + links.length;
  for (const some of isSame ? inPortions(files, portion) : []) {
    const found = await host.survey(final, some);
    isSame &&= some.every(({ hash }, at) => found[at]?.hash === hash);
  }
  if (!isSame) {
    throw new UploadRefused(
      l10n.t(
        'On {0} there is something else already at {1}. Rename or remove one of the two, then retry.',
        hostName,
        final,
      ),
    );
  }
  onProgress(manifest.bytes);
}

class Transfer {
  readonly #limit: RateLimit;
  readonly #done = new Map<ManifestFile, number>();
  #sum = 0;

  constructor(
    private readonly job: UploadJob,
    private readonly host: HostFolder,
    private readonly staging: string,
  ) {
    this.#limit = new RateLimit(job.clock, job.bytesPerSecond);
  }

  async run(): Promise<void> {
    let files: readonly ManifestFile[] = this.job.manifest.files;
    for (let round = 0; files.length > 0; round++) {
      const sendable = await this.#missing(files);
      if (round === mostRounds && sendable.length > 0) {
        throw new UploadRefused(
          l10n.t(
            'What was uploaded to {0} lies there otherwise than it was sent. Check its disk, then retry.',
            this.job.hostName,
          ),
        );
      }
      await this.#send(sendable);
      files = sendable.map(({ file }) => file);
    }
  }

  /** What is not there whole, and from where on to send it. */
  async #missing(files: readonly ManifestFile[]): Promise<{ file: ManifestFile; from: number }[]> {
    const { root, signal } = this.job;
    const missing: { file: ManifestFile; from: number }[] = [];
    for (const some of inPortions(files, portion)) {
      const found = await this.host.survey(this.staging, some);
      for (const [at, file] of some.entries()) {
        const plan = await planFile(file, found[at], (bytes) => hashStart(root, file.path, bytes, signal));
        if (plan.kind === 'send') {
          missing.push({ file, from: plan.from });
        }
        this.#note(file, plan.kind === 'send' ? plan.from : file.size);
      }
    }
    return missing;
  }

  async #send(wanted: readonly { file: ManifestFile; from: number }[]): Promise<void> {
    const { hostName, signal } = this.job;
    if (wanted.length === 0) {
      return;
    }
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      await this.#withFiles(async (files) => {
        const queue = wanted.values();
        const work = async () => {
          for (const { file, from } of queue) {
            await this.#sendFile(files, file, from, either);
          }
        };
        const workers = Array.from({ length: filesAtOnce }, () =>
          work().catch((error: unknown) => {
            stop.abort(error);
            throw error;
          }),
        );
        const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
        if (failed) {
          throw stop.signal.reason;
        }
      });
    } catch (error) {
      if (error instanceof FileRefused) {
        await this.host.checkSpace(this.staging);
        throw new UploadRefused(l10n.t('{0} cannot store the files: {1}. Retry.', hostName, error.message), {
          cause: error,
        });
      }
      throw error;
    }
  }

  /** @throws UploadRefused where the host has no SFTP, by its own word on a connection that works */
  async #withFiles(work: (files: MachineFiles) => Promise<void>): Promise<void> {
    const { machine, hostName, signal } = this.job;
    if (!machine.withFiles) {
      throw new UploadRefused(l10n.t('{0} takes no files. Choose another host.', hostName));
    }
    for (let refusals = 1; ; refusals++) {
      try {
        return await machine.withFiles(work, signal);
      } catch (error) {
        if (!(error instanceof NoSftp)) {
          throw error;
        }
        if (refusals === mostRefusals) {
          throw new UploadRefused(error.message, { cause: error });
        }
        await this.host.checkSpace(this.staging);
      }
    }
  }

  async #sendFile(files: MachineFiles, file: ManifestFile, from: number, signal: AbortSignal): Promise<void> {
    const { executable } = file;
    const target = await files.open(`${this.staging}/${file.path}`, { fresh: from === 0, executable });
    try {
      await this.#sendPieces(target, file, from, signal);
    } finally {
      // After a failure, this one tells nothing new.
      await target.close().catch(() => undefined);
    }
  }

  async #sendPieces(target: OpenFile, file: ManifestFile, from: number, signal: AbortSignal): Promise<void> {
    const underWay: Promise<void>[] = [];
    let failure: { error: unknown } | undefined;
    const range = { from, to: file.size, pieceBytes };
    try {
      for await (const { position, data } of readPieces(this.job.root, file.path, range, signal)) {
        await this.#limit.pass(data.length, signal);
        underWay.push(
          target.write(data, position).then(
            () => this.#note(file, position + data.length),
            (error: unknown) => void (failure ??= { error }),
          ),
        );
        if (underWay.length >= piecesAhead) {
          await underWay.shift();
        }
        if (failure) {
          break;
        }
      }
    } finally {
      await Promise.all(underWay);
    }
    if (failure) {
      throw failure.error;
    }
  }

  #note(file: ManifestFile, bytes: number): void {
    this.#sum += bytes - (this.#done.get(file) ?? 0);
    this.#done.set(file, bytes);
    this.job.onProgress(this.#sum);
  }
}
