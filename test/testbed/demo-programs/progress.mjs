// How a program reports progress: a small JSON file, replaced as a whole.
import { renameSync, writeFileSync } from 'node:fs';

const file = process.env.REMOTE_OPS_PROGRESS;

export function report(progress) {
  if (file) {
    writeFileSync(`${file}.new`, JSON.stringify(progress));
    renameSync(`${file}.new`, file);
  }
}

export const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
