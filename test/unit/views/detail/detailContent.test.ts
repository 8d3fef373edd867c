import assert from 'node:assert/strict';
import { DetailContent } from '../../../../src/views/detail/detailContent';
import { health, host } from '../../operations/hostSamples';
import { ScriptedService, view } from '../../windows/scriptedService';

const spec = {
  hostId: 'lab',
  type: 'job',
  name: 'a',
  command: 'true',
  cwd: '/data',
  env: { API_TOKEN: 's3cret', THREADS: '8' },
};

describe('what the page of an operation shows', () => {
  let service: ScriptedService & { isReady: boolean };
  let content: DetailContent;
  let answers: Record<string, unknown>;

  beforeEach(() => {
    service = Object.assign(new ScriptedService(), { isReady: true });
    answers = { spec, history: [{ at: 'x', from: undefined, to: 'running', evidence: 'y' }], courses: [] };
    service.answer = () => {
      const [name] = service.calls.at(-1) ?? [];
      const answer = answers[String(name)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    service.views.set('a', view('a'));
    content = new DetailContent(service, 'a', () => ({ cpuPercent: 80, memoryMb: 4000 }));
  });

  const asked = (name: string) => service.calls.filter(([called]) => called === name).length;

  it('is there at once, and the rest when it was asked for', async () => {
    const first = content.snapshot();
    assert.deepEqual([first.operation?.name, first.folder, first.history], ['a', '~', []]);
    assert.equal(await content.update(), undefined);
    const { folder, history, runDirectory } = content.snapshot();
    assert.deepEqual([folder, history.length, runDirectory], ['/data', 1, '~/.remote-ops/runs/a']);
  });

  it('asks again only for what may have changed', async () => {
    await content.update();
    await content.update();
    assert.deepEqual([asked('spec'), asked('history'), asked('courses')], [1, 1, 1]);
    service.views.set('a', view('a', { progress: 0.5 }));
    await content.update();
    assert.deepEqual([asked('spec'), asked('history'), asked('courses')], [1, 1, 2]);
    service.views.set('a', view('a', { progress: 0.5, status: 'failed' }));
    await content.update();
    assert.deepEqual([asked('spec'), asked('history'), asked('courses')], [1, 2, 2]);
  });

  it('tells what is on its host and what that does, and how it went, at a calmer pace', async () => {
    const course = { resource: 'cpuPercent' as const, points: [] };
    answers['hostCourses'] = [course];
    service.hostViews = [host('lab', { health: health() }), host('other')];
    service.views.set('b', view('b', { hostId: 'other' }));
    await content.update();
    await content.update();
    const { host: told, hostCharts } = content.snapshot();
    assert.deepEqual([told?.id, told?.operations.total, told?.health?.load], ['lab', 1, 5.21]);
    assert.deepEqual([hostCharts, asked('hostCourses')], [[course], 1]);
  });

  it('asks nothing of a host that tells nothing of itself', async () => {
    service.hostViews = [host('lab')];
    await content.update();
    assert.equal(asked('hostCourses'), 0);
  });

  it('says what could not be had, shows the rest, and asks for it the next time', async () => {
    answers['history'] = new Error('The other window was closed.');
    assert.equal(await content.update(), 'The other window was closed.');
    assert.equal(content.snapshot('The other window was closed.').problem, 'The other window was closed.');
    assert.equal(content.snapshot().folder, '/data');
    answers['history'] = [];
    assert.equal(await content.update(), undefined);
  });

  it('hands out a value that looks secret only while it is revealed', async () => {
    await content.update();
    const token = () => content.snapshot().environment.find(({ name }) => name === 'API_TOKEN');
    assert.deepEqual(token(), { name: 'API_TOKEN', isSecret: true });
    content.reveal('API_TOKEN', true);
    assert.deepEqual(token(), { name: 'API_TOKEN', value: 's3cret', isSecret: true });
    content.hideSecrets();
    assert.deepEqual(token(), { name: 'API_TOKEN', isSecret: true });
    assert.deepEqual(content.snapshot().environment[1], { name: 'THREADS', value: '8' });
  });

  it('leads to the attempts before and after', () => {
    service.views.set('a', view('a', { attempt: 2, retryOf: 'first' }));
    service.views.set('first', view('first', { status: 'failed', shownStatus: 'failed' }));
    service.views.set('third', view('third', { attempt: 3, retryOf: 'a' }));
    const { previous, next } = content.snapshot();
    assert.deepEqual(previous, { id: 'first', attempt: 1, shownStatus: 'failed' });
    assert.deepEqual(next, { id: 'third', attempt: 3, shownStatus: 'running' });
  });

  it('asks of what was submitted elsewhere neither for a command’s environment nor for a run directory', async () => {
    service.views.set('a', view('a', { origin: 'found' }));
    await content.update();
    const { folder, runDirectory, environment } = content.snapshot();
    assert.deepEqual([asked('spec'), folder, runDirectory, environment], [0, undefined, undefined, []]);
  });

  it('tells what is not known yet from what is gone', () => {
    service.views.clear();
    assert.deepEqual([content.snapshot().operation, content.snapshot().isLoading], [undefined, undefined]);
    service.isReady = false;
    assert.equal(content.snapshot().isLoading, true);
  });
});
