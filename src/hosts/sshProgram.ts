import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { errorMessage } from '../operations/errors';
import { isHostName, printable } from './destination';
import {
  cannotConnect,
  configFileOf,
  repeated,
  understood,
  type Directives,
  type ResolveOptions,
} from './directives';
import type { HostConfig } from './machine';

const deadlineMs = 10_000;
const maxAnswerBytes = 1024 * 1024;

/** `ssh` was asked and refused, in its own words. */
export class SshRefusal extends Error {}

/**
 * What this computer's `ssh` prints when called with `args`. `undefined` where it cannot say: it is not
 * installed, does not start, or is older than `-G`.
 *
 * @throws SshRefusal with what it complains of
 */
export async function askSsh(args: readonly string[]): Promise<string | undefined> {
  const program = await findSsh();
  return program === undefined ? undefined : run(program, args);
}

function run(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { timeout: deadlineMs, maxBuffer: maxAnswerBytes, windowsHide: true } as const;
    const child = execFile(program, args, { ...options, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
      } else if (error.killed) {
        reject(
          new SshRefusal(l10n.t('{0} -G did not answer within {1} s', printable(program), deadlineMs / 1000)),
        );
      } else if (typeof error.code !== 'number' || /(unknown|illegal|invalid) option -- ?'?G/.test(stderr)) {
        resolve(undefined);
      } else {
        reject(new SshRefusal(printable(stderr) || errorMessage(error)));
      }
    });
    child.stdin?.on('error', () => undefined).end();
  });
}

/** Found here and not by the system, which on Windows would look in the current folder first. */
export async function findSsh(): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'ssh.exe' : 'ssh';
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const program = join(folder, name);
    const found = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) {
      return program;
    }
  }
  return undefined;
}

/** The answer of `ssh -G` about a host: what it would do, `Match` and all. `undefined`: it cannot be asked. */
export async function askForDirectives(
  config: HostConfig,
  options: ResolveOptions,
): Promise<Directives | undefined> {
  const file = configFileOf(options);
  const args = [
    '-T',
    '-G',
    ...(file === undefined ? [] : ['-F', file]),
    ...(config.user === undefined ? [] : ['-l', config.user]),
    ...(config.port === undefined ? [] : ['-p', String(config.port)]),
    '--',
    config.host,
  ];
  try {
    const answer = await options.askSsh?.(args);
    return answer === undefined ? undefined : readAnswer(answer);
  } catch (error) {
    if (error instanceof SshRefusal) {
      throw cannotConnect(
        config,
        l10n.t(
          'ssh does not accept its config and says: {0}. Correct it, then connect again',
          error.message.replace(/\.$/, ''),
        ),
      );
    }
    throw error;
  }
}

/** Of these `ssh` prints what the tokens stand for. */
const expanded = new Set(['hostname', 'userknownhostsfile', 'globalknownhostsfile']);
const lists = new Set(['userknownhostsfile', 'globalknownhostsfile']);

/** Exported for its test. Throws where the answer is not one: better no connection than one elsewhere. */
export function readAnswer(answer: string): Directives {
  const values = new Map<string, string[]>();
  const identityFiles: string[] = [];
  for (const line of answer.split(/\r?\n/)) {
    const [, keyword = '', value = ''] = /^([a-z0-9]+) (.*)$/.exec(line) ?? [];
    if (keyword === repeated) {
      identityFiles.push(value);
    } else if (understood.has(keyword)) {
      values.set(keyword, lists.has(keyword) ? splitPaths(value) : [value]);
    }
  }
  const hostName = values.get('hostname')?.[0] ?? '';
  if (!isHostName(hostName) || !values.has('user') || !values.has('port')) {
    throw new SshRefusal(l10n.t('an answer without host name, user and port ("{0}")', printable(answer)));
  }
  return { values, identityFiles: areDefaults(identityFiles) ? [] : identityFiles, expanded };
}

/** `ssh` writes the paths of a list side by side, without quotes: a blank within one is not an end. */
const splitPaths = (text: string): string[] => text.split(/ (?=[~/%$]|[A-Za-z]:[\\/]|none$)/);

/** `ssh` names its defaults where nobody named an identity file. */
const areDefaults = (files: readonly string[]): boolean =>
  files.length > 3 &&
  files.every((file) => /^~\/\.ssh\/id_(rsa|dsa|xmss|ecdsa(_sk)?|ed25519(_sk)?)$/.test(file));
