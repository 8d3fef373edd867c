import * as l10n from '@vscode/l10n';
import path from 'node:path';
import type { Machine } from '../../hosts/machine';
import { unexpected } from '../../launchers/answers';
import { ask } from '../../launchers/ask';
import type { Uploaded } from '../../operations/uploaded';
import type { Clock } from '../clock';
import { makeManifest } from './manifest';
import { LocalChange, LocalProblem } from './problems';
import { discardScript } from './scripts';
import { findSource, type Source } from './source';
import { upload } from './uploader';

/** Of a folder that others write to without end, no copy can be made. */
const mostTries = 3;
const discardDeadlineMs = 60_000;

/** In the home folder of the host. `~/.remote-ops` is the user's alone. */
const uploadsFolder = '~/.remote-ops/uploads';

export interface OperationUpload {
  /** Of the operation: names its folder on the host. */
  id: string;
  uploadFrom: string;
  machine: Machine;
  hostName: string;
  nonce: () => string;
  clock: Clock;
  signal: AbortSignal;
  onProgress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Brings the files of an operation to its host, into `~/.remote-ops/uploads/ID`. Called again, it goes on.
 * @throws LocalProblem, UploadRefused: it cannot be; else as `Machine.run`
 */
export async function uploadFiles(options: OperationUpload): Promise<Pick<Uploaded, 'path' | 'folder'>> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryToUpload(await findSource(options.uploadFrom), options);
    } catch (error) {
      if (!(error instanceof LocalChange)) {
        throw error;
      }
      if (tries === mostTries) {
        throw new LocalProblem(
          l10n.t(
            'The files change while they are uploaded ({0}). Resubmit it once nothing writes there any more.',
            error.message,
          ),
          { cause: error },
        );
      }
    }
  }
}

async function tryToUpload(
  { root, name, isFile, stock }: Source,
  { id, uploadFrom: _from, onProgress, ...others }: OperationUpload,
): Promise<Pick<Uploaded, 'path' | 'folder'>> {
  const { signal, hostName } = others;
  const manifest = await makeManifest(root, await stock(signal), signal);
  onProgress(0, manifest.bytes);
  const placed = await upload({
    ...others,
    root,
    manifest,
    ...(isFile ? { remoteDir: uploadsFolder, name: id } : { remoteDir: `${uploadsFolder}/${id}`, name }),
    token: id,
    onProgress: (bytes) => onProgress(bytes, manifest.bytes),
    beforePlacing: async () => {
      const now = await stock(signal).catch((error: unknown) => {
        throw error instanceof LocalProblem ? new LocalChange(error.message, { cause: error }) : error;
      });
      if (now.fingerprint !== manifest.fingerprint) {
        throw new LocalChange(l10n.t('{0} has changed', name));
      }
    },
  });
  if (!placed.startsWith('/')) {
    throw unexpected(hostName);
  }
  return { folder: placed, path: isFile ? path.posix.join(placed, name) : placed };
}

/** Takes away what an upload has left on the host. Errors: as for `Machine.run`. */
export async function discardFiles(
  id: string,
  { machine, hostName, nonce }: Pick<OperationUpload, 'machine' | 'hostName' | 'nonce'>,
): Promise<void> {
  const lines = [id, 'complete'];
  await ask(machine, hostName, {
    script: discardScript,
    nonce: nonce(),
    lines,
    deadlineMs: discardDeadlineMs,
  });
}
