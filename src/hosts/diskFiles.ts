import { open } from 'node:fs/promises';
import { printable } from './destination';
import { FileRefused, type MachineFiles } from './machineFiles';

/** The files of this computer. */
export const diskFiles: MachineFiles = {
  open: (path, { fresh, executable }) =>
    refusing(async () => {
      const file = await open(path, fresh ? 'w' : 'r+', executable ? 0o777 : 0o666);
      return {
        write: (data, position) =>
          refusing(async () => {
            for (let written = 0; written < data.length;) {
              const { bytesWritten } = await file.write(
                data,
                written,
                data.length - written,
                position + written,
              );
              written += bytesWritten;
            }
          }),
        close: () => refusing(() => file.close()),
      };
    }),
};

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FileRefused(printable(error instanceof Error ? error.message : String(error)), {
      cause: error,
    });
  }
}
