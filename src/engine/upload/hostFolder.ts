import * as l10n from '@vscode/l10n';
import { printable } from '../../hosts/destination';
import type { Machine } from '../../hosts/machine';
import { field, unexpected } from '../../launchers/answers';
import { ask } from '../../launchers/ask';
import type { Line } from '../../launchers/frame';
import type { Manifest } from './manifest';
import { UploadRefused } from './problems';
import type { Remains } from './resume';
import { placeScript, prepareScript, spaceScript, surveyScript } from './scripts';

const deadlineMs = 120_000;
/** The slowest disk that a host's hashing is waited for, in bytes a second. */
const slowestHashing = 4 * 1024 * 1024;

export interface Place {
  /** Absolute, or in the home folder. */
  folder: string;
  stagingName: string;
  token: string;
  name: string;
}

export type Prepared =
  { kind: 'ready'; staging: string } | { kind: 'exists'; final: string; entries: number };

/** The scripts that work on an upload's folder. Errors: as for `Machine.run`, and UploadRefused. */
export class HostFolder {
  constructor(
    private readonly machine: Machine,
    private readonly hostName: string,
    private readonly nonce: () => string,
    private readonly signal: AbortSignal,
  ) {}

  async prepare({ folder, stagingName, token, name }: Place, folders: readonly string[]): Promise<Prepared> {
    const [answer] = await this.#ask(
      prepareScript,
      [folder, stagingName, token, name, ...folders].map(field),
    );
    const path = answer?.data.toString('utf8') ?? '';
    const entries = Number(answer?.words[1]);
    if (answer?.words[0] === 'ready' && path.startsWith('/')) {
      return { kind: 'ready', staging: path };
    }
    if (answer?.words[0] === 'exists' && Number.isSafeInteger(entries) && path.startsWith('/')) {
      return { kind: 'exists', final: path, entries };
    }
    throw unexpected(this.hostName);
  }

  /** One answer for each file, in their order; `undefined`: it is not there. */
  async survey(
    folder: string,
    files: readonly { path: string; size: number }[],
  ): Promise<(Remains | undefined)[]> {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const lines = [folder, ...files.map(({ path }) => path)].map(field);
    const answers = await this.#ask(surveyScript, lines, deadlineMs + (bytes / slowestHashing) * 1000);
    if (answers.length !== files.length) {
      throw unexpected(this.hostName);
    }
    return answers.map(({ words: [size = '', hash = ''] }) => {
      if (size === '-') {
        return undefined;
      }
      if (!/^\d{1,15}$/.test(size) || !/^[0-9a-f]{64}$/.test(hash)) {
        throw unexpected(this.hostName);
      }
      return { size: Number(size), hash };
    });
  }

  /** The final path; `undefined` when the name is taken now, or what was uploaded has got it already. */
  async place(staging: string, name: string, { files, links }: Manifest): Promise<string | undefined> {
    const [answer] = await this.#ask(placeScript, [
      field(staging),
      field(name),
      ...files.filter(({ executable }) => executable).map(({ path }) => `x ${field(path)}`),
      ...links.map(({ path, target }) => `l ${field(target)} ${field(path)}`),
    ]);
    switch (answer?.words[0]) {
      case 'placed':
        return answer.data.toString('utf8');
      case 'exists':
      case 'gone':
        return undefined;
      default:
        throw unexpected(this.hostName);
    }
  }

  /** Why nothing can be written there. @throws UploadRefused if so */
  async checkSpace(folder: string): Promise<void> {
    const [answer] = await this.#ask(spaceScript, [field(folder)]);
    if (answer?.words[0] !== 'writable') {
      throw unexpected(this.hostName);
    }
  }

  async #ask(script: string, lines: string[], limitMs = deadlineMs): Promise<Line[]> {
    const { lines: answers } = await ask(this.machine, this.hostName, {
      script,
      nonce: this.nonce(),
      lines: [...lines, 'complete'],
      deadlineMs: Math.round(limitMs),
      signal: this.signal,
    });
    const refused = answers.find(({ words }) => words[0] === 'refused');
    if (refused) {
      throw new UploadRefused(refusal(refused, this.hostName));
    }
    return answers;
  }
}

function refusal({ words, data }: Line, hostName: string): string {
  const detail = printable(data.toString('utf8'));
  switch (words[1]) {
    case 'no-hash':
      return l10n.t(
        '{0} has none of sha256sum, shasum and openssl, one of which is needed to verify files. Install coreutils there, then retry.',
        hostName,
      );
    case 'cannot-read':
      return l10n.t(
        '{0} cannot read {1}, which was just uploaded. Check its disk, then retry.',
        hostName,
        detail,
      );
    default:
      return l10n.t(
        '{0} cannot store the files: {1}. Make room or correct the permissions there, then retry.',
        hostName,
        detail || l10n.t('writing fails'),
      );
  }
}
