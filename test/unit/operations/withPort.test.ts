import assert from 'node:assert/strict';
import { shortChange, withPort } from '../../../src/operations/withPort';

const changed = (command: string) => withPort({ command, port: 8188 }, 8190).draft.command;

describe('another port', () => {
  it('stands in the command wherever the old one was a word', () => {
    const same = 'serve {}; serve --port={} -p {}:80 http://127.0.0.1:{}/ui 0.0.0.0:{}, "{}"';
    assert.equal(changed(same.replaceAll('{}', '8188')), same.replaceAll('{}', '8190'));
  });

  it('leaves numbers alone that only contain it, and parts of paths and names', () => {
    const others = 'run 18188 81880 8188.5 0.8188 x8188 8188x /data/8188/x data-8188 8188-8199 _8188';
    assert.equal(changed(others), others);
  });

  it('is set in variables that are named after a port, whole, and nowhere else', () => {
    const env = { PORT: '8188', HTTP_PORT: '8188', SEED: '8188', PORTS: '8188,8189' };
    const { draft } = withPort({ command: 'x', port: 8188, env }, 8190);
    assert.deepEqual(draft.env, { PORT: '8190', HTTP_PORT: '8190', SEED: '8188', PORTS: '8188,8189' });
  });

  it('comes with what it changed, line by line', () => {
    const command = 'cd ui\nserve --port 8188\n# 8188';
    const { draft, changes } = withPort({ command, port: 8188, env: { PORT: '8188' } }, 8190);
    assert.equal(draft.port, 8190);
    assert.deepEqual(changes, [
      ['serve --port 8188', 'serve --port 8190'],
      ['# 8188', '# 8190'],
      ['PORT=8188', 'PORT=8190'],
    ]);
  });

  it('is shown by the part that differs', () => {
    assert.equal(
      shortChange(['serve --port 8188', 'serve --port 8190']),
      'serve --port 8188  \u2192  serve --port 8190',
    );
    const long = `${'x'.repeat(99)} 8188 ${'y'.repeat(99)}`;
    const short = shortChange([long, long.replace('8188', '8190')]);
    assert.match(short, /^\u2026x+ 8188 y+\u2026  \u2192  \u2026x+ 8190 y+\u2026$/);
    assert.ok(short.length < 120);
  });

  it('is only taken down where there was none before', () => {
    assert.deepEqual(withPort({ command: 'serve 80' }, 81), {
      draft: { command: 'serve 80', port: 81 },
      changes: [],
    });
  });
});
