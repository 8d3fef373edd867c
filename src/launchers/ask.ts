import type { Machine, RunOptions } from '../hosts/machine';
import { type Block, parseBlock } from './frame';

export interface Question extends Pick<RunOptions, 'deadlineMs' | 'maxOutputBytes' | 'signal'> {
  script: string;
  /** An unguessable word, which the answer has to bear. */
  nonce: string;
  /** What the script reads after that. */
  lines: readonly string[];
}

/** Runs one of our scripts and takes its answer whole. @throws the machine's errors, and `BadAnswer` */
export async function ask(
  machine: Machine,
  hostName: string,
  { script, nonce, lines, ...limits }: Question,
): Promise<Block> {
  const { stdout } = await machine.run(script, { input: `${[nonce, ...lines].join('\n')}\n`, ...limits });
  return parseBlock(stdout, nonce, hostName);
}
