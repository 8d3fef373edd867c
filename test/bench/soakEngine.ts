// node out/bench/soakEngine.js CONFIG: an engine in a process of its own, so that it can be killed. Takes calls
// and gives answers in lines of JSON; ends with its parent.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { errorMessage, isRemoteOperationsError } from '../../src/operations/errors';
import { sshHost } from './sshHost';
import { openEngine } from './wholeEngine';

export interface SoakEngineConfig {
  storage: string;
  logFile: string;
  hostId: string;
  port: number;
  sshConfigFile: string;
  /** Default: any number. */
  maxConcurrent?: number;
}

export type SoakMethod = 'submit' | 'kill' | 'list' | 'operations' | 'sync' | 'history';
export interface SoakCall {
  id: number;
  method: SoakMethod;
  args: unknown[];
}
export type SoakAnswer =
  { ready: true } | { id: number; result?: unknown; error?: { code?: string; message: string } };

const config = JSON.parse(process.argv[2] ?? '') as SoakEngineConfig;
const tell = (answer: SoakAnswer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
const log = (message: string): void =>
  appendFileSync(config.logFile, `${new Date().toISOString()} ${process.pid} ${message}\n`);

async function main(): Promise<void> {
  const { storage, maxConcurrent = 0 } = config;
  const { engine } = await openEngine({ folder: storage, machines: [sshHost(config)], log, maxConcurrent });
  await engine.start();
  engine.setVisible('tree', true);
  const methods = engine as unknown as Record<SoakMethod, (...args: unknown[]) => unknown>;
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const { id, method, args } = JSON.parse(line) as SoakCall;
      Promise.resolve(methods[method](...args)).then(
        (result) => tell({ id, result }),
        (error: unknown) =>
          tell({
            id,
            error: {
              message: errorMessage(error),
              ...(isRemoteOperationsError(error) && { code: error.code }),
            },
          }),
      );
    })
    .on('close', () => process.exit(0));
  tell({ ready: true });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
