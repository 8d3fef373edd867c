import assert from 'node:assert/strict';
import { eventually } from '../testbed/eventually';
import { box, cluster, FormPage, processOnly } from './formHarness';
import { valuesFrom } from '../../webview/form/values';
import { themes } from './support/webviewHarness';
import { pagesOf } from './support/pages';

const hostile = `<img src=x onerror=alert(1)>"';$(reboot)`;

describe('new operation page', () => {
  let form: FormPage;
  const openPage = pagesOf(FormPage.open);
  const open = async (...options: Parameters<typeof openPage>) => (form = await openPage(...options));

  it('submits what was typed, with a name from the command where none was given', async () => {
    await open();
    await form.field('Command').fill('cd ~/exp && python3 src/train.py --lr 1e-3');
    await form.field('Working folder on the host').fill('~/exp');
    await form.button('Submit').click();
    assert.deepEqual(await form.lastSubmitted(), {
      hostId: 'box',
      type: 'program',
      name: 'train.py',
      command: 'cd ~/exp && python3 src/train.py --lr 1e-3',
      cwd: '~/exp',
    });
  });

  it('complains of nothing before it was touched, then at each field, and goes to the first that is wrong', async () => {
    await open();
    assert.equal(await form.page.locator('[aria-invalid]').count(), 0);
    await form.choose('Server');
    await form.field('Port').fill('99999');
    assert.match((await form.problemOf('Port')) ?? '', /from 1 to 65535/);
    assert.equal(await form.problemOf('Command'), undefined);
    await form.button('Submit').click();
    assert.equal(await form.problemOf('Command'), 'The command is missing.');
    assert.equal(await form.evaluate('document.activeElement.name'), 'command');
    assert.equal(await form.lastSubmitted(), undefined);
    await form.field('Command').fill('serve');
    await form.field('Port').fill('8080');
    assert.equal(await form.page.locator('[aria-invalid]').count(), 0);
    await form.page.keyboard.press('Control+Enter');
    assert.equal((await form.lastSubmitted())?.port, 8080);
  });

  it('offers what the host does as soon as it has told, and does not wait for it', async () => {
    await open();
    assert.deepEqual(
      (await form.posted()).filter(({ type }) => type === 'askChoices'),
      [{ type: 'askChoices', hostId: 'box' }],
    );
    await form.page.getByText('Asking GPU box what else it offers...').waitFor();
    await form.field('Command').fill('true');
    await form.offer(cluster);
    await form.choose('By Slurm');
    await form.field('Partition').selectOption('batch');
    await form.field('GPUs').fill('2');
    await form.field('GPU type').selectOption('a100');
    await form.field('Time limit').fill('1:30:00');
    await form.field('Account').selectOption('physics');
    await form.field('Quality of service').selectOption('high');
    await form.field('Waits for').selectOption('afterok:41');
    assert.match(
      (await form.page.getByLabel('The request').textContent()) ?? '',
      /^sbatch --partition=batch --account=physics --qos=high --time=1:30:00 --gres=gpu:a100:2 --dependency=afterok:41 --no-requeue cmd\.sh$/,
    );
    await form.button('Submit').click();
    assert.deepEqual(await form.lastSubmitted(), {
      hostId: 'box',
      type: 'program',
      name: 'true',
      command: 'true',
      launcher: 'slurm',
      slurm: {
        partition: 'batch',
        account: 'physics',
        qos: 'high',
        time: '1:30:00',
        gres: 'gpu:a100:2',
        dependency: 'afterok:41',
      },
    });
  });

  it('keeps what was typed for one launcher out of what goes to another', async () => {
    await open();
    await form.offer(cluster);
    await form.field('Command').fill('true');
    await form.choose('By Slurm');
    await form.field('Time limit').fill('soon');
    assert.match((await form.problemOf('Time limit')) ?? '', /not written as Slurm writes it/);
    await form.choose('By pueue');
    await form.field('Group').selectOption('narrow');
    await form.button('Submit').click();
    assert.deepEqual(await form.lastSubmitted(), {
      hostId: 'box',
      type: 'program',
      name: 'true',
      command: 'true',
      launcher: 'pueue',
      pueue: { group: 'narrow' },
    });
  });

  it('shows what a batch script on the host asks for, and where it cannot be read', async () => {
    await open();
    await form.offer(cluster);
    await form.field('Command').fill('sbatch train.sh');
    const asked = await eventually('the question', async () =>
      (await form.posted()).find(({ type }) => type === 'askDirectives'),
    );
    assert.deepEqual(asked, { type: 'askDirectives', hostId: 'box', script: 'train.sh' });
    const answer = { type: 'directives', hostId: 'box', script: 'train.sh' } as const;
    await form.post({ ...answer, lines: ['#SBATCH --time=7', `#SBATCH ${hostile}`] });
    assert.match(
      (await form.page.getByLabel('Lines of the batch script').textContent()) ?? '',
      /--time=7\n.*<img/,
    );
    await form.post({ ...answer, lines: [], problem: 'train.sh cannot be read there.' });
    assert.equal(await form.problemOf('Command'), 'train.sh cannot be read there.');
  });

  it('says how the host is, with a way out, and what is run there exactly', async () => {
    await open({
      draft: {
        command: `echo '${hostile}'\nexit 3`,
        env: { HF_TOKEN: 'hf_123', MODE: "it's" },
        cwd: '/data',
      },
      hosts: [
        { ...box, state: 'needs-login', description: 'needs a login', action: 'logIn', error: hostile },
      ],
    });
    await form.page.getByText(hostile, { exact: true }).waitFor();
    await form.button('Log In: GPU box').click();
    // What was filled in is told as well, a moment after it was.
    assert.deepEqual(
      (await form.posted()).filter(({ type }) => type === 'host'),
      [{ type: 'host', action: 'logIn', hostId: 'box' }],
    );
    assert.equal(
      await form.page.getByLabel('The command file').textContent(),
      `cd -- '/data' || exit 1\nexport HF_TOKEN='••••••••'\nexport MODE='it'\\''s'\necho '${hostile}'\nexit 3`,
    );
  });

  it('asks a host again once it is connected', async () => {
    const away = { ...box, state: 'unreachable', description: 'unreachable', action: 'retryHost' } as const;
    await open({ hosts: [away] });
    await form.post({ type: 'noChoices', hostId: 'box', problem: 'It is away.' });
    await form.page.getByText('What else it offers is not known: It is away.').waitFor();
    await form.post({ type: 'hosts', hosts: [box] });
    assert.equal((await form.posted()).filter(({ type }) => type === 'askChoices').length, 2);
  });

  it('takes variables in rows, pasted ones as well, and keeps secrets off the disk', async () => {
    await open();
    await form.button('Add Variable').click();
    await form.evaluate(`{
      const data = new DataTransfer();
      data.setData('text/plain', '# a comment\\nexport A=1\\nAPI_KEY="s3cret"\\n');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }`);
    await form.button('Add Variable').click();
    await form.field('Name of variable 3').fill('A');
    await form.field('Value of variable 3').fill('two\nlines');
    assert.equal(await form.problemOf('Name of variable 3'), 'A is there twice.');
    await form.field('Name of variable 3').fill('1B');
    assert.match((await form.problemOf('Name of variable 3')) ?? '', /letters, digits and _ only/);
    await form.field('Name of variable 3').fill('B');
    await form.field('Command').fill('env');
    await form.button('Submit').click();
    const draft = await form.lastSubmitted();
    assert.deepEqual(draft?.env, { A: '1', API_KEY: 's3cret', B: 'two\nlines' });
    const stored = await form.evaluate<string>("sessionStorage.getItem('state')");
    assert.ok(stored.includes('two') && !stored.includes('s3cret'), stored);
  });

  it('has everything again after a reload, and asks for the secrets that were not kept', async () => {
    await open();
    await form.field('Command').fill('long script\nof two lines');
    await form.button('Add Variable').click();
    await form.field('Name of variable 1').fill('API_KEY');
    await form.field('Value of variable 1').fill('s3cret');
    await form.page.reload();
    await form.begin({ draft: { command: 'what the panel began with' } });
    assert.equal(await form.field('Command').inputValue(), 'long script\nof two lines');
    assert.match((await form.problemOf('Value of variable 1')) ?? '', /was not kept/);
    await form.button('Submit').click();
    assert.equal(await form.lastSubmitted(), undefined);
    await form.field('Value of variable 1').fill('again');
    await form.button('Submit').click();
    assert.deepEqual((await form.lastSubmitted())?.env, { API_KEY: 'again' });
  });

  it('fills in a template or a recent one, and takes it back', async () => {
    const draft = { type: 'job', command: 'train', slurm: { time: '10:00' }, launcher: 'slurm' } as const;
    await open({
      library: {
        templates: [{ name: hostile, draft, secrets: ['HF_TOKEN'] }],
        recent: [{ name: 'old', draft: { ...draft, command: 'old', hostId: 'gone' }, secrets: [] }],
      },
    });
    await form.offer(cluster);
    await form.field('Command').fill('mine');
    await form.field('Start from').selectOption({ label: hostile });
    assert.equal(await form.field('Command').inputValue(), 'train');
    assert.equal(await form.field('Host').inputValue(), 'box');
    assert.equal(await form.field('Time limit').inputValue(), '10:00');
    assert.match((await form.problemOf('Value of variable 1')) ?? '', /was not kept/);
    await form.button('Delete Template').click();
    assert.deepEqual((await form.posted()).filter(({ type }) => type === 'deleteTemplate').at(-1), {
      type: 'deleteTemplate',
      name: hostile,
    });
    await form.button('Undo').click();
    assert.equal(await form.field('Command').inputValue(), 'mine');
    await form.field('Start from').selectOption({ label: 'old' });
    assert.match((await form.problemOf('Host')) ?? '', /not configured any more/);
  });

  it('tells what the user edited from what it began with or was filled with, and whether that was left', async () => {
    const left = { ...valuesFrom({ command: 'left before' }), env: [{ name: 'HF_TOKEN', value: 'hf_1' }] };
    const recent = [{ name: 'old', draft: { command: 'old' }, secrets: [] }];
    const told = async (type: 'changed' | 'filled') =>
      (await form.posted()).flatMap((message) =>
        message.type !== type ? [] : message.type === 'filled' ? message.isLeft : message.isEdited,
      );
    const changes = (count: number) =>
      eventually(`change ${count}`, async () => {
        const seen = await told('changed');
        return seen.length === count && seen;
      });
    await open({ draft: { command: 'again' }, left, library: { templates: [], recent } });
    await changes(1);
    await form.field('Start from').selectOption({ label: 'old' });
    await changes(2);
    await form.field('Start from').selectOption({ label: 'left before' });
    assert.equal(await form.field('Value of variable 1').inputValue(), 'hf_1');
    assert.deepEqual(await changes(3), [false, false, false]);
    await form.button('Undo').click();
    await form.field('Start from').selectOption({ label: 'left before' });
    assert.deepEqual(await told('filled'), [false, true, false, true]);
    await form.field('Name').fill('mine');
    await eventually('the edit is told', async () => (await told('changed')).at(-1) === true);
    await form.page.reload();
    await form.begin({ draft: { command: 'again' } });
    await eventually('it is known as edited', async () => (await told('changed')).at(-1) === true);
  });

  it('saves a template with what is right, although it is not complete', async () => {
    await open();
    await form.page.getByText('More options').click();
    await form.field('Ended after').fill('90');
    await form.field('Priority').fill('x');
    await form.button('Save as Template...').click();
    assert.equal(await form.evaluate('document.activeElement.name'), 'priority');
    await form.field('Priority').fill('-5');
    await form.button('Save as Template...').click();
    assert.deepEqual((await form.posted()).filter(({ type }) => type === 'saveTemplate').at(-1), {
      type: 'saveTemplate',
      draft: { hostId: 'box', type: 'program', timeoutSeconds: 5400, priority: -5 },
    });
  });

  it('keeps all that was typed when it was refused, and says why', async () => {
    await open();
    await form.field('Command').fill('train');
    await form.button('Submit').click();
    assert.equal(await form.evaluate('document.querySelector("form").inert'), true);
    await form.page.keyboard.press('Control+Enter');
    assert.equal((await form.posted()).filter(({ type }) => type === 'submit').length, 1);
    await form.post({ type: 'refused', problem: `Not enough GPUs. ${hostile}` });
    assert.equal(await form.page.getByRole('alert').textContent(), `Not enough GPUs. ${hostile}`);
    assert.equal(await form.field('Command').inputValue(), 'train');
    await form.button('Submit').click();
    assert.equal((await form.posted()).filter(({ type }) => type === 'submit').length, 2);
  });

  it('takes a long script as it is, and refuses one that is too long', async () => {
    await open({ draft: { name: 'big', command: `${'echo é;\n'.repeat(12_499)}` } });
    const length = await form.evaluate<number>('document.querySelector("[name=command]").value.length');
    assert.equal(length, 99_992);
    assert.match((await form.page.getByLabel('The command file').textContent()) ?? '', /lines in all\)$/);
    await form.button('Submit').click();
    assert.equal((await form.lastSubmitted())?.command?.length, 99_992);
    await form.post({ type: 'refused', problem: 'no' });
    await form.evaluate(`{
      const command = document.querySelector('[name=command]');
      command.value += 'x'.repeat(31_080);
      command.dispatchEvent(new Event('input'));
    }`);
    assert.match((await form.problemOf('Command')) ?? '', /longer than 100000 characters/);
  });

  it('says what is run before a host is chosen, and names the host from then on', async () => {
    await open({
      draft: { command: 'train' },
      hosts: [box, { ...box, id: 'other', name: 'Other' }],
    });
    await form.page.getByText(/^In a session of its own/).waitFor();
    await form.field('Host').selectOption('other');
    await form.page.getByText(/^On Other, in a session of its own/).waitFor();
  });

  it('does not let a command reverse how it is shown', async () => {
    await open({ draft: { command: 'rm \u202egnp.exe', name: 'x' } });
    assert.match(
      (await form.page.getByLabel('The command file').textContent()) ?? '',
      /rm <U\+202E>gnp\.exe$/,
    );
  });

  it('uses a selection of the editor only when asked to', async () => {
    await open({ selection: { name: 'a.sh', text: 'make\nmake install' } });
    assert.equal(await form.field('Command').inputValue(), '');
    await form.button('Use the Selection of the Editor').click();
    assert.equal(await form.field('Command').inputValue(), 'make\nmake install');
  });

  it('offers to keep it running through systemd only where the host can', async () => {
    await open({ draft: { command: 'x' } });
    await form.offer(processOnly);
    const keep = form.field('Keep it running after logout, through systemd');
    assert.equal(await keep.count(), 0);
    await form.offer({ ...processOnly, systemd: true });
    await keep.check();
    await form.button('Submit').click();
    assert.equal((await form.lastSubmitted())?.systemd, true);
  });

  it('uploads what was chosen, and says where it then runs', async () => {
    await open({ draft: { command: 'make' } });
    await form.field('Upload from this computer').fill('data');
    assert.match((await form.problemOf('Upload from this computer')) ?? '', /must be an absolute path/);
    await form.button('Browse for what to upload').click();
    assert.deepEqual((await form.posted()).filter(({ type }) => type === 'browse').at(-1), {
      type: 'browse',
    });
    await form.post({ type: 'folder', path: '/home/me/project' });
    assert.match((await form.page.getByLabel('The command file').textContent()) ?? '', /^cd -- .*uploads/);
    await form.button('Submit').click();
    assert.equal((await form.lastSubmitted())?.uploadFrom, '/home/me/project');
  });

  const askedPorts = async () => (await form.posted()).filter(({ type }) => type === 'askPort');

  it('says who has the port, and takes the next one, in the command and its variables too', async () => {
    const command = 'serve --port 8188 --seed 18188';
    const draft = { type: 'server', command, port: 8188, env: { PORT: '8188' } } as const;
    await open({ draft }, { theme: 'dark' });
    await form.offer(processOnly);
    const asked = await eventually('the question', async () => (await askedPorts())[0]);
    assert.deepEqual(asked, { type: 'askPort', hostId: 'box', port: 8188 });
    const told = { type: 'port', hostId: 'box', port: 8188, nextFree: 8190 } as const;
    await form.post({ ...told, port: 80, text: 'of a port that is not typed any more' });
    assert.equal(await form.button('Use Port 8190').isVisible(), false);
    await form.post({ ...told, text: `Port 8188 on GPU box is used by ${hostile}.` });
    const status = form.page.getByRole('status').filter({ hasText: 'is used by' });
    assert.ok(((await status.textContent()) ?? '').includes(hostile));
    for (const width of [300, 800]) {
      await form.page.setViewportSize({ width, height: 1000 });
      await form.screenshot(`form-port-${width}`);
      assert.deepEqual(await form.flaws(), []);
      assert.equal(await form.fits(), true);
    }
    await form.page.getByRole('button', { name: 'Use Port 8190' }).press('Enter');
    assert.equal(await form.field('Port').inputValue(), '8190');
    assert.equal(await form.evaluate('document.activeElement.name'), 'port');
    assert.equal(await status.isVisible(), false);
    await form.button('Submit').click();
    const submitted = await form.lastSubmitted();
    assert.deepEqual([submitted?.command, submitted?.port], ['serve --port 8190 --seed 18188', 8190]);
    assert.deepEqual(submitted?.env, { PORT: '8190' });
    // The user went back to it.
    await form.post({ type: 'resumed' });
    assert.equal(await form.evaluate('document.querySelector("form").inert'), false);
  });

  it('asks for ports of a connected host only, once they are typed, and not of what Slurm starts', async () => {
    await open({ draft: { type: 'server', command: 'serve' } });
    await form.offer(cluster);
    await form.evaluate(`for (const typed of ['80', '808', '8080']) {
      const port = document.querySelector('[name=port]');
      port.value = typed;
      port.dispatchEvent(new Event('input'));
    }`);
    await eventually('the question', async () => (await askedPorts()).length > 0);
    assert.deepEqual(await askedPorts(), [{ type: 'askPort', hostId: 'box', port: 8080 }]);
    await form.choose('By Slurm');
    await form.field('Port').fill('8081');
    await form.choose('At Once');
    await form.field('Port').fill('8082');
    await eventually('the next question', async () => (await askedPorts()).length > 1);
    assert.deepEqual((await askedPorts()).at(-1), { type: 'askPort', hostId: 'box', port: 8082 });
    assert.equal((await askedPorts()).length, 2);
    await form.post({ type: 'hosts', hosts: [{ ...box, state: 'disconnected' }] });
    await form.field('Port').fill('8083');
    await form.post({ type: 'hosts', hosts: [box] });
    await eventually('the last question', async () => (await askedPorts()).length > 2);
    assert.deepEqual((await askedPorts()).slice(2), [{ type: 'askPort', hostId: 'box', port: 8083 }]);
  });

  it('does nothing on Escape, and submits on Ctrl+Enter from any field', async () => {
    await open();
    await form.field('Command').fill('x');
    await form.page.keyboard.press('Escape');
    assert.equal(await form.field('Command').inputValue(), 'x');
    await form.field('Name').focus();
    await form.page.keyboard.press('Enter');
    assert.equal(await form.lastSubmitted(), undefined);
    await form.page.keyboard.press('Control+Enter');
    assert.equal((await form.lastSubmitted())?.command, 'x');
  });

  for (const theme of themes) {
    it(`can be read and used by everyone in ${theme}, filled in or wrong, from 300 to 1600 pixels`, async () => {
      await open(
        {
          draft: { type: 'server', command: 'serve', port: 99_999, env: { '1A': 'x', TOKEN: 'y' } },
          library: { templates: [{ name: 'one', draft: { command: 'x' }, secrets: [] }], recent: [] },
          hosts: [
            { ...box, state: 'unreachable', description: 'unreachable', action: 'retryHost', error: 'gone' },
          ],
          note: 'Read this first.',
          problem: 'It was refused.',
        },
        { theme, height: 1000 },
      );
      await form.offer({ ...cluster, systemd: true });
      await form.choose('By Slurm');
      await form.evaluate('document.querySelectorAll("details").forEach((each) => (each.open = true))');
      for (const width of [300, 800, 1600]) {
        await form.page.setViewportSize({ width, height: 1000 });
        await form.screenshot(`form-${theme}-${width}`);
        assert.deepEqual(await form.flaws(), []);
        assert.equal(await form.fits(), true);
      }
    });
  }

  it('runs no script but its own, and loads nothing from elsewhere', async () => {
    await open();
    await form.evaluate(`{
      window.ran = false;
      const inline = document.createElement('script');
      inline.textContent = 'window.ran = true';
      document.body.append(inline);
      const image = document.createElement('img');
      image.src = 'http://elsewhere.test/pixel';
      document.body.append(image);
    }`);
    const { complaints } = form;
    await eventually('two violations', () => complaints.length >= 2);
    assert.equal(await form.evaluate('window.ran'), false);
    assert.ok(
      complaints.every((text) => /Content Security Policy/.test(text)),
      complaints.join('\n'),
    );
    complaints.length = 0;
  });
});
