import { isRemoteOperationsError } from '../operations/errors';

/** What was done on a host is done: if the disk refuses it, it is shown as unsaved and goes out later. */
export async function evenIfUnsaved(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!isRemoteOperationsError(error, 'NotSaved')) {
      throw error;
    }
  }
}
