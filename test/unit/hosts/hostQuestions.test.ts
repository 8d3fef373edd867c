import assert from 'node:assert/strict';
import { HostQuestions } from '../../../src/hosts/hostQuestions';
import { QuestionQueue } from '../../../src/hosts/questionQueue';
import { type Answer, type Asker, Declined, type Question, Unasked } from '../../../src/hosts/questions';

const question: Question = { kind: 'password', name: 'lab', address: 'lab', user: 'ada', attempt: 1 };

describe('who is asked about a host', () => {
  let questions: HostQuestions;
  let asked: string[];
  const { signal } = new AbortController();

  const window = (name: string, answer: Answer | undefined = { text: name, remember: false }): Asker => ({
    ask: () => {
      asked.push(name);
      return Promise.resolve(answer);
    },
  });

  beforeEach(() => {
    questions = new HostQuestions(new QuestionQueue());
    asked = [];
  });

  it('nobody, while no user wants anything of it', async () => {
    assert.equal(questions.mayAsk, false);
    await assert.rejects(questions.ask(question, signal), Unasked);
    questions.permit(window('a')).dispose();
    await assert.rejects(questions.ask(question, signal), Unasked);
    assert.equal(questions.isDeclined, false);
  });

  it('the window whose user wanted something last', async () => {
    questions.permit(window('a'));
    const later = questions.permit(window('b'));
    assert.equal((await questions.ask(question, signal)).text, 'b');
    later.dispose();
    assert.equal((await questions.ask(question, signal)).text, 'a');
  });

  it('nobody any more after one question was declined, until the user says Connect', async () => {
    const permit = questions.permit({ ask: () => Promise.resolve(undefined) });
    await assert.rejects(questions.ask(question, signal), Declined);
    permit.dispose();
    questions.permit(window('a'));
    assert.equal(questions.mayAsk, false);
    await assert.rejects(questions.ask(question, signal), Declined);
    assert.deepEqual(asked, []);
    questions.allow();
    assert.equal((await questions.ask(question, signal)).text, 'a');
  });

  it('a question is taken back when its user no longer waits, and counts as declined', async () => {
    let taken = false;
    const permit = questions.permit({
      ask: (_question, takenBack) =>
        new Promise(() => {
          takenBack.addEventListener('abort', () => (taken = true));
          permit.dispose();
        }),
    });
    await assert.rejects(questions.ask(question, signal), Declined);
    assert.ok(taken);
    assert.ok(questions.isDeclined);
  });

  it('a host that breaks off while it is waited for is not the user declining', async () => {
    const abort = new AbortController();
    questions.permit({ ask: () => new Promise(() => abort.abort()) });
    await assert.rejects(questions.ask(question, abort.signal), Declined);
    assert.equal(questions.isDeclined, false);
  });
});
