// How an attempt to connect the alias `dgx` of a config file ends: with `ssh` in a terminal, and with us.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { isRemoteOperationsError } from '../../src/operations/errors';
import { machineAt } from './connectionSupport';

/** How an attempt ends. */
export type Outcome =
  | 'works'
  | 'config error'
  | 'host key changed'
  | 'host key revoked'
  | 'host key unknown'
  | 'login refused'
  | 'unreachable';

export function outcomeBySsh(configFile: string, env: Record<string, string> = {}): Promise<Outcome> {
  const args = ['-F', configFile, '-o', 'BatchMode=yes', 'dgx', 'true'];
  const variables = { PATH: process.env.PATH, HOME: path.dirname(configFile), ...env };
  return new Promise((resolve, reject) => {
    const child = execFile('ssh', args, { env: variables, timeout: 30_000 }, (error, _stdout, stderr) => {
      const outcome = error ? outcomeOf(stderr) : 'works';
      if (outcome === undefined) {
        reject(new Error(`ssh ended in an unforeseen way: ${stderr}`, { cause: error }));
      } else {
        resolve(outcome);
      }
    });
    child.stdin?.end();
  });
}

export async function outcomeByUs(configFile: string, env: Record<string, string> = {}): Promise<Outcome> {
  const { machine, ownKnownHostsFile } = machineAt('dgx', configFile, { env });
  rmSync(ownKnownHostsFile, { force: true });
  // The `ssh` that reads the config sees the same variables.
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    await machine.run('true', { deadlineMs: 20_000 });
    return 'works';
  } catch (error) {
    assert.ok(isRemoteOperationsError(error), String(error));
    assert.match(error.message, /dgx-1/);
    return ourOutcome(error.code, error.message);
  } finally {
    process.env = before;
  }
}

/** From the words of OpenSSH. A proxy's are among them, so the most telling come first. */
function outcomeOf(stderr: string): Outcome | undefined {
  const words: [RegExp, Outcome][] = [
    [/Bad configuration option|Bad number|terminating|unknown key %|percent_expand/, 'config error'],
    [/REVOKED HOST KEY/, 'host key revoked'],
    [/REMOTE HOST IDENTIFICATION HAS CHANGED/, 'host key changed'],
    [/Host key verification failed|No \S+ host key is known/, 'host key unknown'],
    [/Permission denied/, 'login refused'],
    // A command that ends before it is written to leaves a broken pipe.
    [
      /Connection (refused|closed|timed out)|Connection to \S+ port \d+( timed out|: Broken pipe)/,
      'unreachable',
    ],
  ];
  return words.find(([pattern]) => pattern.test(stderr))?.[1];
}

function ourOutcome(code: string, message: string): Outcome {
  switch (code) {
    case 'HostKeyChanged':
      return message.includes('revoked') ? 'host key revoked' : 'host key changed';
    case 'HostKeyRejected':
      return 'host key unknown';
    case 'NeedsLogin':
      return 'login refused';
    case 'Unreachable':
      return 'unreachable';
    case 'InvalidInput':
      return 'config error';
    default:
      throw new Error(`${code}: ${message}`);
  }
}
