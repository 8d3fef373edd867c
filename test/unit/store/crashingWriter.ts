// node crashingWriter.js FILE POINT: inserts an operation and is killed at a point of the write.
import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { operationAt } from '../operations/samples';
import { openStore } from './storeSupport';

const [file = '', point = ''] = process.argv.slice(2);
const { open, rename } = fs;

/** What power loss looks like to a process. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

async function crash(): Promise<void> {
  const store = await openStore(file);
  if (point === 'half-written') {
    fs.open = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
      const handle = await open(...args);
      handle.writeFile = async (content) => {
        await handle.write(content as Uint8Array, 0, 1000);
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
  await store.insert(operationAt('submitting', { id: 'second' }), 'submitted');
}

void crash();
