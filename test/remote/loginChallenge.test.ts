import assert from 'node:assert/strict';
import { ChallengeServer, type Challenge } from '../testbed/challengeServer';
import { eventually } from '../testbed/eventually';
import { disposeMachines, failsWith, machineFor, type OtherQuestion } from './connectionSupport';

const deadlineMs = 20_000;

/** A password and a code, as hosts with a second factor ask for them. */
const twoFactors: Challenge = (answers) => {
  const [password, code] = answers.map(([answer]) => answer);
  if (password === undefined) {
    return { prompts: [{ prompt: 'Password: ', echo: false }] };
  }
  if (code === undefined) {
    return {
      title: 'Second factor',
      instructions: 'From your phone',
      prompts: [{ prompt: 'Code: ', echo: true }],
    };
  }
  return password === 'secret' && code === '123456' ? 'accept' : 'refuse';
};

describe('Login with questions of the host', () => {
  let server: ChallengeServer;
  afterEach(async () => {
    disposeMachines();
    await server.stop();
  });

  const start = async (challenge: Challenge, password?: string) =>
    (server = await ChallengeServer.start({ challenge, ...(password !== undefined && { password }) }));
  const answerBy = (code: string) => (question: OtherQuestion) =>
    question.kind !== 'challenge' ? 'then this' : question.prompt === 'Password:' ? 'secret' : code;

  it('asks all of them, round by round, in the words of the host', async () => {
    await start(twoFactors);
    const { machine, asked } = machineFor(server, { answer: answerBy('123456') });
    const { stdout } = await machine.run('echo in', { deadlineMs });
    assert.equal(stdout, 'in\n');
    const about = { kind: 'challenge', name: 'dgx-1', address: `127.0.0.1:${server.port}`, user: 'ada' };
    assert.deepEqual(asked, [
      { ...about, title: '', instructions: '', prompt: 'Password:', echo: false },
      { ...about, title: 'Second factor', instructions: 'From your phone', prompt: 'Code:', echo: true },
    ]);
    assert.deepEqual(server.tried, ['none', 'keyboard-interactive']);
  });

  it('asks several in one round', async () => {
    const prompts = ['One', 'Two', 'Three'].map((prompt) => ({ prompt, echo: false }));
    await start(([round]) =>
      round ? (round.join() === 'One,Two,Three' ? 'accept' : 'refuse') : { prompts },
    );
    const { machine, asked } = machineFor(server, {
      answer: (question) => (question.kind === 'challenge' ? question.prompt : undefined),
    });
    await machine.connect();
    assert.equal(asked.length, 3);
  });

  it('begins again after wrong answers, three times in all, and then only at Connect', async () => {
    await start(twoFactors);
    const { machine, asked, states } = machineFor(server, { answer: answerBy('000000') });
    await failsWith(machine.connect(), 'NeedsLogin', /answers to its questions were not accepted/);
    assert.equal(server.answers.length, 3);
    await failsWith(machine.run('true', { deadlineMs }), 'NeedsLogin');
    assert.equal(asked.length, 6);
    assert.equal(states.at(-1)?.state, 'needs-login');
    await failsWith(machine.connect(), 'NeedsLogin');
    assert.equal(asked.length, 12);
  });

  it('goes on to the password that the host wants besides, without the answers again', async () => {
    await start(twoFactors, 'then this');
    const { machine, asked } = machineFor(server, { answer: answerBy('123456') });
    await machine.connect();
    assert.deepEqual(
      asked.map(({ kind }) => kind),
      ['challenge', 'challenge', 'password'],
    );
  });

  it('is ended when the questions have no end', async () => {
    await start(() => ({ prompts: [{ prompt: 'And?', echo: true }] }));
    const { machine, asked } = machineFor(server, { answer: () => 'so' });
    await failsWith(machine.connect(), 'NeedsLogin', /more questions.*than any host should/);
    assert.equal(asked.length, 10);
    await eventually('the connection is closed', () => server.connectionCount === 0);
  });

  it('is ended when one round asks for too much', async () => {
    const prompts = Array.from({ length: 1000 }, () => ({ prompt: 'And?', echo: true }));
    await start(() => ({ prompts }));
    const { machine, asked } = machineFor(server, { answer: () => 'so' });
    await failsWith(machine.connect(), 'NeedsLogin', /than any host should/);
    assert.deepEqual(asked, []);
  });

  it('shows words of the host on one line, without control characters, and cut', async () => {
    const nasty = `\u001b[31mPassword\r\n\u202efor ${'x'.repeat(5000)}`;
    await start(([round]) =>
      round ? 'accept' : { title: nasty, instructions: nasty, prompts: [{ prompt: nasty, echo: false }] },
    );
    const { machine, asked } = machineFor(server, { answer: () => 'so' });
    await machine.connect();
    const [question] = asked;
    assert.ok(question?.kind === 'challenge');
    for (const text of [question.title, question.instructions, question.prompt]) {
      assert.match(text, /^[^\p{C}]{1,200}$/u);
    }
  });

  it('says so when the host loses patience while the user types, and takes the question back', async () => {
    await start(twoFactors);
    let taken = false;
    const { machine, states } = machineFor(server, {
      answer: (_question, signal) => {
        signal.addEventListener('abort', () => (taken = true));
        server.hangUp();
        return new Promise(() => undefined);
      },
    });
    await failsWith(machine.connect(), 'NeedsLogin', /ended the connection while it waited for your answer/);
    await eventually('the question is taken back', () => taken);
    assert.equal(states.at(-1)?.state, 'needs-login');
  });

  it('does not count the time that the user takes against the host', async () => {
    await start(twoFactors);
    const { machine } = machineFor(server, {
      config: ['ConnectTimeout 1'],
      answer: (question) =>
        new Promise((resolve) => setTimeout(() => resolve(answerBy('123456')(question)), 700)),
    });
    await machine.connect();
  });

  it('by itself asks nothing, and says what is wanted', async () => {
    await start(twoFactors);
    const { machine, asked } = machineFor(server, { unattended: true });
    await failsWith(
      machine.run('true', { deadlineMs }),
      'NeedsLogin',
      /it asks for answers to its questions/,
    );
    assert.deepEqual(asked, []);
    assert.deepEqual(server.tried, ['none']);
  });

  it('cancelled, ends the connection at once', async () => {
    await start(twoFactors);
    const { machine } = machineFor(server);
    await failsWith(machine.connect(), 'NeedsLogin', /was not answered/);
    await eventually('the connection is closed', () => server.connectionCount === 0);
  });
});
