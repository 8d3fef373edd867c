import { createHash } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import type { SubmitSpec } from '../../operations/operation';
import { errorMessage } from '../../operations/errors';
import { expand, type Template } from './template';

/** An entry of the setting `remoteOps.watchFolders`. */
export interface WatchFolderConfig {
  /** Of folder, host and remote folder: with another of these it is another one. */
  id: string;
  path: string;
  hostId: string;
  remoteDir: string;
  template: Template;
  quietSeconds: number;
  bytesPerSecond?: number;
}

export const defaultQuietSeconds = 30;

const text = (most: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(most),
    v.check((value) => !value.includes('\0'), 'a NUL character cannot be used'),
  );

const schema = v.strictObject({
  path: v.pipe(
    text(4_000),
    v.check((value) => path.isAbsolute(value), 'it must be an absolute path'),
  ),
  hostId: text(200),
  remoteDir: v.pipe(
    text(2_000),
    v.check((value) => !value.split('/').includes('..'), '".." cannot be used in it'),
  ),
  template: v.looseObject({ command: v.optional(v.string()) }),
  quietSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(86_400)), defaultQuietSeconds),
  bytesPerSecond: v.optional(v.pipe(v.number(), v.minValue(1024))),
});

export interface WatchFolderConfigs {
  folders: WatchFolderConfig[];
  /** What was left out, in words for the user. */
  problems: string[];
}

/** Reads the setting. An entry that is not valid is left out, never guessed at. */
export function readWatchFolders(setting: unknown): WatchFolderConfigs {
  const folders = new Map<string, WatchFolderConfig>();
  const problems: string[] = [];
  for (const [at, entry] of (Array.isArray(setting) ? setting : []).entries()) {
    const where = `Entry ${at + 1} of the setting remoteOps.watchFolders is not used`;
    const result = v.safeParse(schema, entry);
    if (!result.success) {
      const issue = result.issues[0];
      problems.push(`${where}: ${v.getDotPath(issue) ?? 'entry'}: ${issue.message}`);
      continue;
    }
    const config = { ...result.output, path: path.resolve(result.output.path) } as unknown as Omit<
      WatchFolderConfig,
      'id'
    >;
    const id = idOf([config.path, config.hostId, config.remoteDir]);
    const problem = templateProblem({ ...config, id });
    if (problem !== undefined) {
      problems.push(`${where}: template: ${problem}`);
    } else if (folders.has(id)) {
      problems.push(`${where}: the same folder is watched for the same place already.`);
    } else {
      folders.set(id, { ...config, id });
    }
  }
  return { folders: [...folders.values()], problems };
}

/** Names what several words name together; short enough for a row's id. */
export const idOf = (words: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 20);

function templateProblem(config: WatchFolderConfig): string | undefined {
  try {
    expand(config, { caseName: 'case', remotePath: '/case' }) satisfies SubmitSpec;
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}
