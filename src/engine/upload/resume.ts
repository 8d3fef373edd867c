import type { ManifestFile } from './manifest';

/** What lies on the host where a file is to be. */
export interface Remains {
  size: number;
  hash: string;
}

export type FilePlan = { kind: 'done' } | { kind: 'send'; from: number };

/**
 * Where to go on with a file. What lies there is continued only if it is the beginning of ours.
 * @param hashStart SHA-256 of so many first bytes of our file
 */
export async function planFile(
  file: ManifestFile,
  remains: Remains | undefined,
  hashStart: (bytes: number) => Promise<string>,
): Promise<FilePlan> {
  if (!remains || remains.size > file.size) {
    return { kind: 'send', from: 0 };
  }
  if (remains.size === file.size) {
    return remains.hash === file.hash ? { kind: 'done' } : { kind: 'send', from: 0 };
  }
  const isOurs = remains.size > 0 && remains.hash === (await hashStart(remains.size));
  return { kind: 'send', from: isOurs ? remains.size : 0 };
}

/** In portions that one request can carry and one deadline can bound. A large item makes one of its own. */
export function inPortions<T extends { size: number }>(
  items: readonly T[],
  { mostItems, mostBytes }: { mostItems: number; mostBytes: number },
): T[][] {
  const portions: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = portions.at(-1);
    if (last && last.length < mostItems && bytes + item.size <= mostBytes) {
      last.push(item);
      bytes += item.size;
    } else {
      portions.push([item]);
      bytes = item.size;
    }
  }
  return portions;
}
