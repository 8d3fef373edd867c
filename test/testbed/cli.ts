// npm run testbed -- PART: one part of the testbed, running until Ctrl+C.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startDemo } from './demo/demo';
import { startFaultProxy } from './faultProxy';
import { installExtension } from './installExtension';
import { startPueue } from './pueue';
import { pueueVersions } from './pueueInstall.mjs';
import { startSlurm } from './slurm';
import { startSshd } from './sshd';
import { startVsCode } from './vscodeWeb';

/** Starts something and says how to use it. Resolves with what ends it. */
type Part = (args: Arguments) => Promise<() => Promise<void>>;

interface Arguments {
  target: string | undefined;
  port: number | undefined;
  delayMs: number;
  web: boolean;
}

const parts: Record<string, Part> = {
  vscode: async ({ target, port }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'remote-operations-vscode-'));
    const extensionsDir = path.join(folder, 'extensions');
    await installExtension(extensionsDir);
    const serverDataDir = path.join(folder, 'server');
    const vscode = await startVsCode({ serverDataDir, extensionsDir, ...(port !== undefined && { port }) });
    console.log(`VS Code with the extension: ${vscode.pageUrl({ folder: target && path.resolve(target) })}`);
    return async () => {
      await vscode.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    };
  },

  sshd: async () => {
    const sshd = await startSshd();
    console.log(`sshd on ${sshd.host}:${sshd.port}. Try: ssh -F ${sshd.sshConfigFile} testhost`);
    return () => sshd.stop();
  },

  slurm: async () => {
    const slurm = await startSlurm({ accounting: true });
    console.log(`Slurm is up. Try: SLURM_CONF=${slurm.env.SLURM_CONF} sinfo`);
    return () => slurm.stop();
  },

  pueue: async ({ target = pueueVersions.at(-1) ?? '' }) => {
    const pueue = await startPueue(target);
    const [[name, value] = []] = Object.entries(pueue.env);
    console.log(`pueue ${target} is up. Try: ${name}=${value} ${path.join(pueue.bin, 'pueue')} status`);
    return () => pueue.stop();
  },

  proxy: async ({ target, delayMs }) => {
    const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d+)$/u.exec(target ?? '') ?? [];
    if (port === undefined) {
      throw new Error('Say where to: npm run testbed -- proxy HOST:PORT [--delay MILLISECONDS]');
    }
    const proxy = await startFaultProxy({ host, port: Number(port) }, { delayMs });
    console.log(`${proxy.host}:${proxy.port} leads to ${host}:${port}, ${delayMs} ms of round trip added`);
    return () => proxy.stop();
  },

  demo: async ({ web, port }) => {
    const demo = await startDemo({ web, ...(port !== undefined && { port }) });
    console.log(demo.url === undefined ? 'VS Code opens in its own window.' : `Open ${demo.url}`);
    console.log('');
    console.log(
      '  Watch    the operations move in the tree; "Open Dashboard" in its title shows them as cards.',
    );
    console.log('  Act      right-click a running one: show its log, kill it. "+" submits one of your own.');
    console.log(
      '  Break    kill a process by hand and see its row follow; reload the window: nothing is lost.',
    );
    return () => demo.stop();
  },
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, delay: { type: 'string' }, web: { type: 'boolean' } },
  });
  const [name = '', target] = positionals;
  const part = parts[name];
  if (!part) {
    throw new Error(
      `No part "${name}". There are: ${Object.keys(parts).join(', ')}, system, packages, shellcheck.`,
    );
  }
  const stop = await part({
    target,
    port: values.port === undefined ? undefined : Number(values.port),
    delayMs: Number(values.delay ?? 0),
    web: values.web ?? false,
  });
  console.log('\nCtrl+C ends it.');
  // Something must keep us here: what was started may be waiting without a handle of its own.
  const stay = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, resolve);
    }
  });
  clearInterval(stay);
  await stop();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
