import { shellWord } from '../../../src/hosts/quote';
import type { SeededRandom } from '../random';

/** How an operation comes to its end. */
export type Fate =
  /** By itself, with an exit code. */
  | 'exits'
  /** Somebody kills its process group on the host. */
  | 'killed'
  /** Somebody sends TERM to its supervisor alone. */
  | 'terminated'
  /** Somebody kills its supervisor alone: the command goes on, and nobody is left to keep its exit code. */
  | 'orphaned'
  /** Through the API. */
  | 'cancelled'
  /** Through the API, while it ends by itself. */
  | 'raced'
  /** Not at all. */
  | 'endless';

export interface PlannedOperation {
  name: string;
  /** When it is submitted, after the beginning. */
  atMs: number;
  fate: Fate;
  exitCode: number;
  /** From its start until it, or whoever ends it, acts. */
  lifeMs: number;
}

const fates: Record<Fate, number> = {
  exits: 45,
  killed: 12,
  terminated: 6,
  orphaned: 5,
  cancelled: 16,
  raced: 6,
  endless: 10,
};

export function planOperations(count: number, durationMs: number, random: SeededRandom): PlannedOperation[] {
  const all = Array.from({ length: count }, (_, at): PlannedOperation => {
    const fate = random.weighted(fates);
    const succeeds = random.next() < 0.5;
    return {
      name: `operation-${String(at + 1).padStart(4, '0')}`,
      atMs: random.between(0, durationMs),
      fate,
      exitCode: succeeds ? 0 : random.whole(1, 125),
      // Many short ones, some long ones.
      lifeMs: Math.min(durationMs / 4, 100 / (0.001 + random.next() ** 2)),
    };
  });
  return all.sort((a, b) => a.atMs - b.atMs);
}

/** The command writes down its start and its end itself, where the engine never looks. */
export function commandOf({ fate, exitCode, lifeMs }: PlannedOperation, evidenceFile: string): string {
  const file = shellWord(evidenceFile);
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  const start = `printf 'start %s %s\\n' "$$" "$PPID" >>${file}`;
  const end = `printf 'end ${exitCode}\\n' >>${file}\nexit ${exitCode}`;
  switch (fate) {
    case 'exits':
    case 'raced':
      return `${start}\nsleep ${seconds(lifeMs)}\n${end}`;
    case 'orphaned':
      return `${start}\nsleep ${seconds(lifeMs + 3_000)}\n${end}`;
    case 'killed':
    case 'terminated':
    case 'cancelled':
    case 'endless':
      return `${start}\nsleep 100000\n${end}`;
  }
}
