import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import { errorMessage } from '../../operations/errors';
import { makeManifest } from '../upload/manifest';
import { LocalChange, LocalProblem } from '../upload/problems';
import { takeStock, type Stock } from '../upload/stock';
import { next, type CaseEvent, type CaseRecord } from './caseRecord';
import type { WatchFolderConfig } from './config';
import type { Ledger } from './ledger';
import { isQuiet, noteLook, type Quiet } from './quiet';

/** How often what was submitted is compared with what lies there, and for how long in one look. */
const compareEveryMs = 60_000;
const comparingMs = 1_000;

export interface FolderWatchOptions {
  config: WatchFolderConfig;
  ledger: Ledger;
  monotonicMs: () => number;
  /** Now, as ISO 8601. */
  now: () => string;
  newId: () => string;
  signal: AbortSignal;
}

/**
 * Looks at one watched folder. It is listed each time, as folders on network shares tell of no changes. An error
 * says nothing about its cases.
 */
export class FolderWatch {
  /** Cases that wait until they are quiet, and why else. */
  readonly waiting = new Map<string, string | undefined>();
  problem: string | undefined;
  readonly #quiet = new Map<string, Quiet>();
  readonly #comparedAtMs = new Map<string, number>();

  constructor(private readonly options: FolderWatchOptions) {}

  get config(): WatchFolderConfig {
    return this.options.config;
  }

  /** Whether anything changed in what is known of its cases. Rejects only when aborted. */
  async look(): Promise<void> {
    const { signal } = this.options;
    try {
      const { inode, names } = await list(this.config.path);
      if (await this.#isSameFolder(inode, names)) {
        await this.#lookAtCases(names);
        this.problem = undefined;
      }
    } catch (error) {
      signal.throwIfAborted();
      this.problem = l10n.t('It cannot be looked at: {0}', printable(errorMessage(error)));
    }
  }

  /** What is there when a folder is seen for the first time was there before it was watched. */
  async #isSameFolder(inode: string, names: readonly string[]): Promise<boolean> {
    const { config, ledger, now } = this.options;
    const known = ledger.inode(config.id);
    if (known === inode) {
      return true;
    }
    if (known !== undefined && names.length === 0) {
      this.problem = l10n.t(
        'It is another folder than before, and empty. Check whether its disk is mounted.',
      );
      return false;
    }
    const at = now();
    await ledger.begin(
      { id: config.id, inode },
      names.map((name): CaseRecord => ({ folderId: config.id, name, state: 'seen', at, attempt: 1 })),
    );
    return true;
  }

  async #lookAtCases(names: readonly string[]): Promise<void> {
    const { config, ledger, signal } = this.options;
    const present = new Set(names);
    for (const name of this.waiting.keys()) {
      if (!present.has(name)) {
        this.waiting.delete(name);
        this.#quiet.delete(name);
      }
    }
    for (const name of names) {
      signal.throwIfAborted();
      const record = ledger.get(config.id, name);
      if (!record || record.state === 'waiting') {
        await this.#lookAtNew(name, record);
      }
    }
    await this.#compareSome(ledger.of(config.id).filter(({ name }) => present.has(name)));
    const gone = ledger.of(config.id).filter(({ name, state }) => !present.has(name) && isUnsubmitted(state));
    if (gone.length > 0) {
      await ledger.forget(gone);
    }
  }

  async #lookAtNew(name: string, record: CaseRecord | undefined): Promise<void> {
    const { config, now, newId, signal } = this.options;
    let stock: Stock;
    try {
      stock = await takeStock(path.join(config.path, name), signal);
    } catch (error) {
      if (!(error instanceof LocalProblem)) {
        throw error;
      }
      this.waiting.set(name, error.message);
      return;
    }
    this.waiting.set(
      name,
      stock.files.length === 0 && !stock.problem ? l10n.t('it has no files yet') : undefined,
    );
    const isStill = this.#isStill(name, stock.fingerprint);
    if (isStill && (stock.files.length > 0 || stock.problem)) {
      const fresh: CaseRecord = { folderId: config.id, name, state: 'waiting', at: now(), attempt: 1 };
      await this.#note(record ?? fresh, { kind: 'quiet', newToken: newId() });
      this.waiting.delete(name);
    }
  }

  /** Those that were not compared for the longest time; many large ones must not keep new ones waiting. */
  async #compareSome(present: readonly CaseRecord[]): Promise<void> {
    const { monotonicMs, signal } = this.options;
    const beganMs = monotonicMs();
    const lastMs = ({ name }: CaseRecord) => this.#comparedAtMs.get(name) ?? -Infinity;
    const due = present
      .filter(({ state }) => state === 'submitted')
      .filter((record) => this.#quiet.has(record.name) || beganMs - lastMs(record) >= compareEveryMs)
      .sort((a, b) => lastMs(a) - lastMs(b));
    for (const record of due) {
      signal.throwIfAborted();
      this.#comparedAtMs.set(record.name, monotonicMs());
      await this.#compare(record);
      if (monotonicMs() - beganMs >= comparingMs) {
        return;
      }
    }
  }

  async #compare(record: CaseRecord): Promise<void> {
    const { config, signal } = this.options;
    const { name, fingerprint, contentHash } = record;
    const root = path.join(config.path, name);
    try {
      const stock = await takeStock(root, signal);
      if (stock.fingerprint === fingerprint) {
        this.#quiet.delete(name);
      } else if (this.#isStill(name, stock.fingerprint)) {
        const isSame =
          !stock.problem && (await makeManifest(root, stock, signal)).contentHash === contentHash;
        await this.#note(
          record,
          isSame ? { kind: 'touched', fingerprint: stock.fingerprint } : { kind: 'changed' },
        );
      }
    } catch (error) {
      if (!(error instanceof LocalProblem || error instanceof LocalChange)) {
        throw error;
      }
    }
  }

  #isStill(name: string, fingerprint: string): boolean {
    const nowMs = this.options.monotonicMs();
    const quiet = noteLook(this.#quiet.get(name), fingerprint, nowMs);
    this.#quiet.set(name, quiet);
    return isQuiet(quiet, nowMs, this.config.quietSeconds);
  }

  async #note(record: CaseRecord, event: CaseEvent): Promise<void> {
    const { ledger, now } = this.options;
    const after = next(record, event, now());
    if (after) {
      await ledger.put(after);
      this.#quiet.delete(record.name);
    }
  }
}

const isUnsubmitted = (state: CaseRecord['state']): boolean =>
  state === 'waiting' || state === 'seen' || state === 'failed' || state === 'uploading';

/** Folders directly within; those with a dot in front are somebody's own. */
async function list(folder: string): Promise<{ inode: string; names: string[] }> {
  const { ino } = await stat(folder, { bigint: true });
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  return { inode: String(ino), names };
}
