import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseBlock } from '../../src/launchers/frame';
import { probeScript } from '../../src/launchers/process/scripts';
import { eventually } from '../testbed/eventually';
import { evidenceIn, goldenEvidence, goldenFolder, goldenNonce } from '../unit/launchers/goldenBlocks';
import { signal } from './scriptsProcesses';
import { ScriptHost, underEveryShell, type Shell } from './scriptsSupport';

/** One operation for each name in `goldenEvidence`, each in the state that the name says. */
async function arrange(host: ScriptHost): Promise<void> {
  const start = async (id: string, command: string) => {
    const outcome = await host.launch(host.operation(`echo begun; ${command}`, { id }));
    assert.ok(outcome.kind === 'launched');
    await eventually('its command', () => existsSync(host.file({ id }, 'log')) && host.read({ id }) !== '');
    return outcome.identity.pid;
  };
  const progress = (value: number) => `echo '{"progress":${value}}' > "$REMOTE_OPS_PROGRESS"`;
  await start('runs', `${progress(0.25)}; exec sleep 600`);
  signal(-(await start('suspended', 'exec sleep 600')), 'SIGSTOP');
  signal(await start('lost-its-leader', 'exec sleep 600'), 'SIGKILL');
  await start('failed', `${progress(1)}; exit 3`);
  signal(-(await start('killed', 'exec sleep 600')), 'SIGKILL');
  signal(await start('terminated', 'exec sleep 600'), 'SIGTERM');
  for (const id of ['before-a-restart', 'claimed']) {
    mkdirSync(path.join(host.runFolder({ id }), 'claim'), { recursive: true });
  }
  const { machineId } = await host.launcher.identify(host.machine, 'this machine');
  const identity = `${machineId} another-boot 4242 123400\n`;
  writeFileSync(host.file({ id: 'before-a-restart' }, 'ident'), identity);
}

async function answerOf(host: ScriptHost): Promise<string> {
  const ids = Object.keys(goldenEvidence);
  const lines = ids.map((id) => `${id} - - - - detail -`);
  const input = `${[`${goldenNonce} ${ids.length}`, ...lines].join('\n')}\n`;
  const { stdout } = await host.machine.run(probeScript, { input, deadlineMs: 20_000 });
  return stdout;
}

/** As Debian numbers it: dash does not tell. */
const versionOf = ({ name }: Shell): string =>
  execFileSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' }).replace(
    /^\d+:|-.*$/g,
    '',
  );

underEveryShell('the answer to be recorded', (shell) => {
  let host: ScriptHost;
  before(() => (host = new ScriptHost(shell)));
  after(() => host.dispose());

  it('tells each operation as it is', async () => {
    await arrange(host);
    const answer = await eventually('all to be as they are meant', async () => {
      const text = await answerOf(host);
      return isDeepStrictEqual(evidenceIn(text), goldenEvidence) && text;
    });
    if (process.env['UPDATE_GOLDEN'] !== undefined) {
      const { machineId } = parseBlock(answer, goldenNonce, 'this machine');
      const file = path.join(goldenFolder, `probe-${shell.name}-${versionOf(shell)}.txt`);
      writeFileSync(file, answer.replaceAll(machineId, '0123456789abcdef'.repeat(2)));
    }
  });
});
