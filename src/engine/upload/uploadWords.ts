import * as l10n from '@vscode/l10n';
import type { Progress } from '../../operations/progress';

/** How far the upload of an operation is. */
export interface UploadState {
  /** In bytes; unset until it is known what there is to upload. */
  progress?: { doneBytes: number; totalBytes: number };
}

/**
 * What an operation whose files are not on its host yet waits for.
 * @param state of its upload, once that has begun
 * @param trouble why uploads to its host wait
 */
export function uploadReason(
  state: UploadState | undefined,
  trouble: string | undefined,
  hostName: string,
): string {
  if (state?.progress) {
    return l10n.t('uploading its files');
  }
  if (trouble !== undefined) {
    return l10n.t('waits for {0} to upload to: {1}', hostName, trouble);
  }
  return state ? l10n.t('reading its files') : l10n.t('waits for other uploads to end');
}

export function uploadProgress({ progress }: UploadState = {}): Progress | undefined {
  if (!progress) {
    return undefined;
  }
  const { doneBytes, totalBytes } = progress;
  return {
    sizeDoneBytes: doneBytes,
    sizeTotalBytes: totalBytes,
    ...(totalBytes > 0 && { progress: doneBytes / totalBytes }),
  };
}
