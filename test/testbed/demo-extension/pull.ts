import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import type { RemoteOperationsApi } from '../../../src/api';

const totalBytes = 700 * 1024 ** 2;
const wholeMs = 150_000;
const everyMs = 250;

/** What a window leaves behind for the next, whichever browser that is in. */
interface Pull {
  id: string;
  startedMs: number;
}

/** Plays an extension that downloads something itself, tells of it, and takes it up again after a reload. */
export async function reportPull(
  api: RemoteOperationsApi,
  { globalStorageUri }: vscode.ExtensionContext,
): Promise<void> {
  const file = path.join(globalStorageUri.fsPath, 'pull.json');
  const known = JSON.parse(await readFile(file, 'utf8').catch(() => 'null')) as Pull | 'done' | null;
  if (known === 'done') {
    return;
  }
  const { id, startedMs } = known ?? (await begin(api));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ id, startedMs }));
  for (let spentMs = 0; spentMs < wholeMs; spentMs = Date.now() - startedMs) {
    const sizeDoneBytes = Math.round((totalBytes * spentMs) / wholeMs);
    await api.update(id, { sizeDoneBytes, sizeTotalBytes: totalBytes, message: 'layer 3 of 5' });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  await api.update(id, { sizeDoneBytes: totalBytes });
  await api.complete(id);
  await writeFile(file, JSON.stringify('done'));
}

async function begin(api: RemoteOperationsApi): Promise<Pull> {
  const { id } = await api.start({
    type: 'transfer',
    kind: 'pull_model',
    name: 'base-model',
    reportedBy: 'Model Store',
    hostId: 'demo',
  });
  return { id, startedMs: Date.now() };
}
