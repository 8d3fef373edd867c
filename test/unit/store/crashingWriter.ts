// node crashingWriter.js FILE POINT [many | backup]: inserts an operation, or so many that the whole database
// is written, and is killed at a point of the write, or of the backup before it.
import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { operationAt } from '../operations/samples';
import { openStore } from './storeSupport';

const [file = '', point = '', what] = process.argv.slice(2);
const { open, rename } = fs;

/** What power loss looks like to a process. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

async function crash(): Promise<void> {
  const store = await openStore(file);
  if (what !== 'backup') {
    await store.backUp();
  }
  if (point === 'half-written') {
    fs.open = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
      const handle = await open(...args);
      handle.writeFile = async (content) => {
        await handle.write(content as Uint8Array, 0, 100);
        await die();
      };
      return handle;
    };
  } else if (point === 'before-rename') {
    fs.rename = die;
  } else {
    fs.rename = async (from, to) => {
      await rename(from, to);
      await die();
    };
  }
  const others = Array.from({ length: what === 'many' ? 300 : 0 }, (_, at) => `other-${at}`);
  await Promise.all(
    ['second', ...others].map((id) => store.insert(operationAt('submitting', { id }), 'submitted')),
  );
}

void crash();
