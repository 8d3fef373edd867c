import assert from 'node:assert/strict';
import type { HostView } from '../../../../src/operations/operationView';
import type { Draft } from '../../../../src/operations/spec';
import { taskSpec, templateTasks, type TaskDefinition } from '../../../../src/views/tasks/taskSpec';

const host = (id: string, changes: Partial<HostView> = {}): HostView => ({
  id,
  name: id,
  address: `me@${id}:22`,
  state: 'idle',
  ...changes,
});

const read = (definition: TaskDefinition, hosts: readonly HostView[] = [host('lab')]) =>
  taskSpec({ type: 'remoteOps', command: 'make', ...definition }, 'build', hosts);
const specOf = (...args: Parameters<typeof read>) => {
  const read_ = read(...args);
  assert.ok('spec' in read_, JSON.stringify(read_));
  return read_.spec;
};
const problemsOf = (...args: Parameters<typeof read>) => {
  const read_ = read(...args);
  assert.ok('problems' in read_, JSON.stringify(read_));
  return read_.problems;
};

describe('what a task asks for', () => {
  it('needs a command alone: the only host, the label as the name, and a program by itself', () => {
    assert.deepEqual(specOf({}), { hostId: 'lab', type: 'program', name: 'build', command: 'make' });
  });

  it('may be any field of an operation', () => {
    const fields = {
      name: 'train',
      cwd: '~/run',
      env: { SEED: '1' },
      uploadFrom: '/data/run',
      launcher: 'slurm',
      slurm: { time: '1:00:00', cpus: 4 },
      gpus: 2,
      port: 8080,
      timeoutSeconds: 60,
      kind: 'vllm',
      description: 'a try',
    };
    const spec = specOf({ ...fields, operationType: 'job' });
    assert.deepEqual(spec, { ...fields, hostId: 'lab', type: 'job', command: 'make' });
  });

  it('goes to the host of that id or, where only one has it, of that name', () => {
    const hosts = [host('one', { name: 'GPU box' }), host('two', { name: 'one' })];
    assert.equal(specOf({ host: 'one' }, hosts).hostId, 'one');
    assert.equal(specOf({ host: 'GPU box' }, hosts).hostId, 'one');
    const namesakes = [host('a', { name: 'box' }), host('b', { name: 'box' })];
    assert.deepEqual(problemsOf({ host: 'box' }, namesakes), [
      'host: Several are named "box". Name one of them by its id: a, b.',
    ]);
  });

  it('goes to no host but those of the settings, and to none that was not named among several', () => {
    const hosts = [host('one'), host('two')];
    assert.deepEqual(problemsOf({}, hosts), ['host: There are several. Name one of them: one, two.']);
    assert.deepEqual(problemsOf({ host: 'me@evil.example' }, hosts), [
      'host: You have no host "me@evil.example". Known are: one, two.',
    ]);
    assert.match(problemsOf({ host: { host: 'evil' } })[0] ?? '', /no host "\{"host":"evil"\}"/);
    assert.match(problemsOf({}, [])[0] ?? '', /No host is known yet/);
  });

  it('cannot say where a host is or how it is reached', () => {
    const attempt = {
      hostId: 'evil',
      address: 'evil',
      user: 'root',
      identityFile: '/key',
      proxyCommand: 'x',
    };
    assert.deepEqual(specOf(attempt), specOf({}));
  });

  it('is judged by the rules of operations, with the names that tasks have for fields', () => {
    assert.deepEqual(problemsOf({ command: ' ', port: 70_000, operationType: 'dragon', gpus: '2' }), [
      'operationType: The type must be server, job, program or transfer.',
      'command: The command is missing.',
      'gpus: The number of GPUs must be a whole number from 0 to 1024.',
      'port: The port must be a number from 1 to 65535.',
    ]);
    assert.deepEqual(problemsOf({ slurm: { partition: 'x', colour: 'red' }, launcher: 'slurm' }), [
      'slurm.colour: "slurm.colour" is not supported by this version.',
    ]);
    assert.match(
      problemsOf({ slurm: { partition: 'gpu' } })[0] ?? '',
      /^slurm: .*needs the launcher "slurm"/,
    );
  });

  it('is started as its host allows where it does not say how', () => {
    const cluster = [host('lab', { launchers: ['slurm'] })];
    assert.equal(specOf({}, cluster).launcher, 'slurm');
    assert.equal(specOf({ launcher: 'process' }, cluster).launcher, 'process');
  });

  it('is the batch script that "sbatch FILE" names, as in the form', () => {
    const command = 'sbatch jobs/train.sbatch';
    const spec = specOf({ command, launcher: 'slurm', slurm: { partition: 'gpu' } });
    assert.deepEqual(spec.slurm, { partition: 'gpu', script: 'jobs/train.sbatch' });
    assert.equal(specOf({ command }).slurm, undefined);
    const named = specOf({ command, launcher: 'slurm', slurm: { script: 'other.sbatch' } });
    assert.equal(named.slurm?.script, 'other.sbatch');
  });
});

describe('the templates among the tasks', () => {
  it('ask for what they ask for in the form', () => {
    const drafts: Draft[] = [
      { hostId: 'two', type: 'job', name: 'train', command: 'make', env: { SEED: '1' }, gpus: 1 },
      {
        hostId: 'one',
        type: 'job',
        name: 'batch',
        command: 'sbatch a.sh',
        launcher: 'slurm',
        slurm: { script: 'a.sh' },
      },
    ];
    const { command: _, ...withoutCommand } = drafts[1]!;
    const [first, second] = templateTasks([
      { name: 'mine', draft: drafts[0]!, secrets: [] },
      { name: 'batch', draft: withoutCommand, secrets: [] },
    ]);
    const hosts = [host('one'), host('two')];
    assert.equal(first?.name, 'mine');
    assert.deepEqual(specOf(first.definition, hosts), drafts[0]);
    assert.deepEqual(specOf(second?.definition ?? {}, hosts), drafts[1]);
  });

  it('are none of those whose secrets were not kept', () => {
    const draft: Draft = { command: 'make' };
    assert.deepEqual(templateTasks([{ name: 'secret', draft, secrets: ['API_TOKEN'] }]), []);
  });
});
