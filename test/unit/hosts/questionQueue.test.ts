import assert from 'node:assert/strict';
import { QuestionQueue } from '../../../src/hosts/questionQueue';
import type { Answer, Asker, Question } from '../../../src/hosts/questions';

const about = (name: string): Question => ({
  kind: 'password',
  name,
  address: name,
  user: 'ada',
  attempt: 1,
});
const answer = { text: 'so', remember: false };

/** A window whose user answers when the test says so. */
class Window implements Asker {
  readonly asked: string[] = [];
  answer: (answer: Answer | undefined) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  ask({ name }: Question): Promise<Answer | undefined> {
    this.asked.push(name);
    return new Promise((resolve, reject) => ([this.answer, this.fail] = [resolve, reject]));
  }
}

const settled = () => new Promise(setImmediate);

describe('questions of hosts', () => {
  let queue: QuestionQueue;
  let window: Window;
  const never = new AbortController().signal;

  beforeEach(() => {
    queue = new QuestionQueue();
    window = new Window();
  });

  it('are asked one after the other, whatever window they are for', async () => {
    const other = new Window();
    const first = queue.ask(window, about('a'), never);
    const second = queue.ask(other, about('b'), never);
    await settled();
    assert.deepEqual([window.asked, other.asked], [['a'], []]);
    window.answer(answer);
    assert.deepEqual(await first, answer);
    await settled();
    other.answer(undefined);
    assert.equal(await second, undefined);
  });

  it('that fail count as cancelled, and do not stop the next', async () => {
    const first = queue.ask(window, about('a'), never);
    const second = queue.ask(window, about('b'), never);
    await settled();
    window.fail(new Error('the window is gone'));
    assert.equal(await first, undefined);
    await settled();
    window.answer(answer);
    assert.deepEqual(await second, answer);
  });

  it('that are taken back while they wait are never asked, and let nobody in before their turn', async () => {
    const abort = new AbortController();
    const first = queue.ask(window, about('a'), never);
    const waiting = queue.ask(window, about('b'), abort.signal);
    const third = queue.ask(window, about('c'), never);
    await settled();
    abort.abort();
    assert.equal(await waiting, undefined);
    await settled();
    assert.deepEqual(window.asked, ['a']);
    window.answer(answer);
    await first;
    await settled();
    assert.deepEqual(window.asked, ['a', 'c']);
    window.answer(answer);
    await third;
  });

  it('that are taken back while they stand make way, though the window does not react', async () => {
    const abort = new AbortController();
    const first = queue.ask(window, about('a'), abort.signal);
    const second = queue.ask(window, about('b'), never);
    await settled();
    abort.abort();
    assert.equal(await first, undefined);
    await settled();
    assert.deepEqual(window.asked, ['a', 'b']);
    window.answer(answer);
    await second;
  });

  it('that nobody answers in time count as cancelled, from when they were put', async () => {
    queue = new QuestionQueue({ answerMs: 1 });
    const answers = await Promise.all(['a', 'b'].map((name) => queue.ask(window, about(name), never)));
    assert.deepEqual(answers, [undefined, undefined]);
    assert.deepEqual(window.asked, ['a', 'b']);
  });
});
