import assert from 'node:assert/strict';
import type { SubmitSpec } from '../../../src/operations/operation';
import { fileDraft } from '../../../src/views/newOperation/fileDraft';
import { SpecLibrary } from '../../../src/views/newOperation/specLibrary';

/** What VS Code keeps: a copy through JSON. */
class Memento {
  readonly stored = new Map<string, string>();
  keys = () => [...this.stored.keys()];
  setKeysForSync = () => undefined;
  get<T>(key: string): T | undefined {
    const text = this.stored.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }
  update(key: string, value: unknown): Promise<void> {
    this.stored.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
}

const library = (memento = new Memento()) => new SpecLibrary(memento);
const spec: SubmitSpec = { hostId: 'h', type: 'job', name: 'n', command: 'c' };

describe('the library of specs', () => {
  it('keeps the names of secrets and not their values', async () => {
    const memento = new Memento();
    const kept = library(memento);
    await kept.remember({ ...spec, env: { HF_TOKEN: 's3cret', MODE: 'fast' } });
    await kept.save('mine', { command: 'c', env: { API_KEY: 's3cret' } });
    assert.ok(![...memento.stored.values()].join().includes('s3cret'));
    assert.deepEqual(kept.all.recent, [
      { name: 'n', draft: { ...spec, env: { MODE: 'fast' } }, secrets: ['HF_TOKEN'] },
    ]);
    assert.deepEqual(kept.all.templates, [{ name: 'mine', draft: { command: 'c' }, secrets: ['API_KEY'] }]);
  });

  it('has the last ten, the latest first, each once', async () => {
    const kept = library();
    for (const name of ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '3']) {
      await kept.remember({ ...spec, name });
    }
    assert.deepEqual(
      kept.all.recent.map(({ name }) => name),
      ['3', '10', '9', '8', '7', '6', '5', '4', '2', '1'],
    );
    assert.equal(kept.lastHost, 'h');
  });

  it('replaces a template of the same name, and refuses one that is too large', async () => {
    const kept = library();
    assert.ok(await kept.save('a', { command: '1' }));
    assert.ok(await kept.save('a', { command: '2' }));
    const env = { A: 'x'.repeat(90_000), B: 'x'.repeat(90_000), C: 'x'.repeat(90_000) };
    assert.equal(await kept.save('big', { env }), false);
    assert.deepEqual(kept.all.templates, [{ name: 'a', draft: { command: '2' }, secrets: [] }]);
    await kept.remove('a');
    assert.deepEqual(kept.all.templates, []);
  });

  it('leaves out what another version stored', async () => {
    const memento = new Memento();
    const strange = [null, 7, { name: 'x' }, { name: 'x', draft: { daemon: true }, secrets: [] }];
    await memento.update('newOperation.templates', strange);
    await memento.update('newOperation.recent', 'none');
    assert.deepEqual(library(memento).all, { templates: [], recent: [] });
  });
});

describe('a local file', () => {
  it('becomes the command where it is a shell script', () => {
    const text = 'set -e\n./a\n';
    assert.deepEqual(fileDraft({ name: 'a.sh', text }).draft, { name: 'a.sh', command: text });
  });

  it('becomes a job with the options that it asks for where it is a batch script', () => {
    const text = '#SBATCH --time=7\n#SBATCH --mail-type=END\ntrain\n';
    assert.deepEqual(fileDraft({ name: 'a.sh', text }), {
      draft: { name: 'a.sh', type: 'job', launcher: 'slurm', command: text, slurm: { time: '7' } },
      notTaken: ['#SBATCH --mail-type=END'],
    });
  });

  it('is uploaded alone and run by its name where it is a program of Python or cannot be a command', () => {
    assert.deepEqual(fileDraft({ name: "it's;.py", text: 'x', path: "/here/it's;.py" }).draft, {
      name: "it's;.py",
      command: `python './it'\\''s;.py'`,
      uploadFrom: "/here/it's;.py",
    });
    assert.deepEqual(fileDraft({ name: 'big.sh' }), {
      draft: { name: 'big.sh', command: 'bash big.sh' },
      isElsewhere: true,
      notTaken: [],
    });
  });
});
