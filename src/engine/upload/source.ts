import * as l10n from '@vscode/l10n';
import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { printable } from '../../hosts/destination';
import { errorMessage } from '../../operations/errors';
import { LocalProblem } from './problems';
import { takeStock, takeStockOfFile, type Stock } from './stock';

/** The local folder or file of an operation. */
export interface Source {
  /** The folder that what is uploaded is read from. */
  root: string;
  /** Its name on the host. */
  name: string;
  isFile: boolean;
  stock: (signal: AbortSignal) => Promise<Stock>;
}

/** A link to it is followed, those within are not. @throws LocalProblem when it is not on this computer */
export async function findSource(uploadFrom: string): Promise<Source> {
  const given = uploadFrom.replace(/^~(?=$|[/\\])/, () => homedir());
  try {
    const real = await realpath(given);
    if ((await stat(real)).isDirectory()) {
      const name = path.basename(path.resolve(given));
      return { root: real, name, isFile: false, stock: (signal) => takeStock(real, signal) };
    }
    return {
      root: path.dirname(real),
      name: path.basename(real),
      isFile: true,
      stock: () => takeStockOfFile(real),
    };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new LocalProblem(
        l10n.t('It is not on this computer. Correct the path, or submit it on the computer that has it.'),
        { cause: error },
      );
    }
    throw new LocalProblem(l10n.t('It cannot be read: {0}', printable(errorMessage(error))), {
      cause: error,
    });
  }
}
