import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { repositoryRoot } from '../testbed/repositoryRoot';
import { type Figure, median, ms, times } from './figures';

const starts = 5;
const targetMs = 50;
/** A small extension of VS Code's own, which waits for the same event. */
const neighbour = 'vscode.merge-conflict';

interface Activation {
  loadMs: number;
  callMs: number;
}

/** What the start of VS Code costs for the extension, by VS Code's own account. */
export async function activationFigure(): Promise<Figure> {
  const ours: Activation[] = [];
  const theirs: Activation[] = [];
  for (let start = 0; start < starts; start++) {
    const report = await startReport();
    ours.push(activationOf('remote-ops.remote-operations', report));
    theirs.push(activationOf(neighbour, report));
  }
  const whole = (all: Activation[]) => median(all.map(({ loadMs, callMs }) => loadMs + callMs));
  return {
    work: `activation in a real VS Code, median of ${starts}`,
    measured: `${ms(whole(ours))} (load ${ms(median(ours.map(({ loadMs }) => loadMs)))}, activate ${ms(median(ours.map(({ callMs }) => callMs)))})`,
    target: ms(targetMs),
    ratios: `${times(whole(theirs), whole(ours))} VS Code's merge-conflict (${ms(whole(theirs))})`,
    met: whole(ours) <= targetMs,
  };
}

/** A row of the table "Extension Activation Stats": extension, eager, load, call, finish, event, by. */
function activationOf(id: string, report: string): Activation {
  const row = report.split('\n').find((line) => line.startsWith(`| ${id} `));
  const [, , , load, call] = row?.split('|').map((cell) => cell.trim()) ?? [];
  if (!load || !call) {
    throw new Error(`VS Code's report has no activation of ${id}.`);
  }
  return { loadMs: Number(load), callMs: Number(call) };
}

/** "Developer: Startup Performance" of a real VS Code: the web workbench, or the desktop build. */
async function startReport(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-bench-vscode-'));
  const report = path.join(folder, 'report.md');
  try {
    await runTests({
      ...(process.env['VSCODE_TEST'] !== 'desktop' && {
        vscodeExecutablePath: path.join(repositoryRoot, 'test', 'testbed', 'code-web'),
      }),
      extensionDevelopmentPath: repositoryRoot,
      extensionTestsPath: path.join(__dirname, 'activationHost.js'),
      extensionTestsEnv: { BENCH_REPORT: report },
      launchArgs: [
        `--user-data-dir=${path.join(folder, 'user-data')}`,
        `--extensions-dir=${path.join(folder, 'extensions')}`,
        '--disable-telemetry',
      ],
    });
    return await readFile(report, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
