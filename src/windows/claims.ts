import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { Superseded, type WriteFence } from '../store/durableFile';

const claimSchema = v.object({
  /** Where the owner listens. */
  socket: v.string(),
  /** Shown by clients to the owner: it proves that they can read this file. */
  token: v.pipe(v.string(), v.minLength(32)),
  computer: v.string(),
});

export type Claim = v.InferOutput<typeof claimSchema>;

export interface NewestClaim {
  /** 0 when there never was one. */
  generation: number;
  /** Missing when its file cannot be read, as after a power cut. */
  claim?: Claim;
}

export const newToken = (): string => randomBytes(16).toString('hex');

/**
 * Settles which window owns the engine. A claim is a file named by its number, made by link(2), which
 * fails where the name exists: no number is ever held by two. The owner is the holder of the highest
 * number, and the highest is never removed. Whoever claims late, under a number that was passed and
 * cleared away meanwhile, sees a higher one right afterwards and withdraws.
 */
export class Claims {
  constructor(private readonly folder: string) {}

  async newest(): Promise<NewestClaim> {
    for (;;) {
      const generation = Math.max(0, ...(await this.#generations()));
      if (generation === 0) {
        return { generation };
      }
      try {
        const parsed = v.safeParse(claimSchema, parseJson(await readFile(this.#path(generation), 'utf8')));
        return { generation, ...(parsed.success && { claim: parsed.output }) };
      } catch (error) {
        // Cleared away since it was listed, so there is a newer one.
        if (!isMissing(error)) {
          throw error;
        }
      }
    }
  }

  /** Claims the number after `generation`. `undefined`: another window was quicker. */
  async succeed(generation: number, socket: string, token: string): Promise<WriteFence | undefined> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const own = generation + 1;
    const draft = join(this.folder, `draft-${token}`);
    const claim: Claim = { socket, token, computer: hostname() };
    await writeFile(draft, JSON.stringify(claim), { flag: 'wx', mode: 0o600 });
    try {
      await link(draft, this.#path(own));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
        return undefined;
      }
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
    const fence = this.#fence(own, token);
    try {
      await fence.check();
    } catch (error) {
      await rm(this.#path(own), { force: true });
      if (error instanceof Superseded) {
        return undefined;
      }
      throw error;
    }
    return fence;
  }

  /** Removes the claims before `generation` and returns them, so that their sockets can be removed. */
  async clear(generation: number): Promise<Claim[]> {
    const old = (await this.#generations()).filter((other) => other < generation);
    const cleared = await Promise.all(
      old.map(async (other) => {
        const path = this.#path(other);
        const text = await readFile(path, 'utf8').catch(() => '');
        await rm(path, { force: true });
        const parsed = v.safeParse(claimSchema, parseJson(text));
        return parsed.success ? [parsed.output] : [];
      }),
    );
    return cleared.flat();
  }

  #fence(generation: number, token: string): WriteFence {
    return {
      generation,
      check: async () => {
        const newest = await this.newest();
        // The token too: somebody may have emptied the folder, and the numbers begun anew.
        if (newest.generation !== generation || newest.claim?.token !== token) {
          throw new Superseded(l10n.t('another window has taken over'));
        }
      },
    };
  }

  async #generations(): Promise<number[]> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (isMissing(error)) {
        return [];
      }
      throw error;
    });
    return names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
  }

  #path(generation: number): string {
    return join(this.folder, String(generation));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
