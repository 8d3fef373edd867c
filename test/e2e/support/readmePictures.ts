/** What the README shows. It is taken anew only when UPDATE_PICTURES is set; the film needs img2webp (Debian: webp). */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../testbed/repositoryRoot';
import type { Workbench } from './workbench';

const names: ReadonlySet<string> = new Set(['demo-dark', 'demo-light-narrow', 'demo-form', 'demo-details']);
const folder = path.join(repositoryRoot, 'media', 'readme');
const isUpdating = Boolean(process.env['UPDATE_PICTURES']);

export async function picture(window: Workbench, name: string): Promise<void> {
  const file = await window.screenshot(name);
  if (isUpdating && names.has(name)) {
    await mkdir(folder, { recursive: true });
    await copyFile(file, path.join(folder, `${name}.png`));
  }
}

/** Frames of a short film, one after another. */
export class Film {
  readonly #folder = path.join(repositoryRoot, 'out', 'film');
  readonly #frames: string[] = [];

  constructor(private readonly window: Workbench) {}

  /** What can be seen now, and then, so many times. */
  async take(count: number): Promise<void> {
    for (let taken = 0; isUpdating && taken < count; taken++) {
      await mkdir(this.#folder, { recursive: true });
      const file = path.join(this.#folder, `${this.#frames.length}.png`);
      await this.window.page.screenshot({ path: file });
      this.#frames.push('-d', '900', file);
      await pause(900);
    }
  }

  async save(): Promise<void> {
    if (isUpdating) {
      const film = path.join(folder, 'demo.webp');
      await promisify(execFile)('img2webp', [
        '-loop',
        '0',
        '-lossy',
        '-q',
        '70',
        '-m',
        '6',
        ...this.#frames,
        '-o',
        film,
      ]);
      await rm(this.#folder, { recursive: true });
    }
  }
}
