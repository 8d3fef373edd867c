import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../../operations/errors';
import type { Block } from '../frame';
import type { HostReading } from '../../operations/hostReading';
import { type Facts, linesOf, mergeFacts, noFacts } from './facts';
import { readSamples } from './sampleLines';

/** How many operations that nobody asks about any more a part may hold before it is told anew. */
const spareFor = (asked: number): number => 20 + asked / 4;

/**
 * What both sides know of one part of a host's operations: which it consists of and, on our side, the last
 * line told about each. The host then tells only what changed since.
 */
export class ProbePart {
  #asked: ReadonlyMap<string, string> = new Map();
  #facts: Facts = noFacts;
  /** The last block that was understood. */
  #base: { nonce: string; machineId: string; bootId: string } | undefined;

  constructor(private readonly number: number) {}

  get size(): number {
    return this.#asked.size;
  }

  has(id: string): boolean {
    return this.#asked.has(id);
  }

  /** The text that asks about these operations. @param isSampled also for what they and the machine use */
  request(nonce: string, wanted: ReadonlyMap<string, string>, isSampled = false): string {
    const sample = isSampled ? ' sample' : '';
    if (this.#base && this.#covers(wanted)) {
      return `${nonce} again ${this.#base.nonce} ${this.number}${sample}\n`;
    }
    this.#asked = new Map(wanted);
    this.#base = undefined;
    return `${[`${nonce} ${wanted.size} ${this.number}${sample}`, ...wanted.values()].join('\n')}\n`;
  }

  /**
   * Takes the answer to the last request. The block as if all of it had been told at once.
   *
   * @throws RemoteOperationsError `BadAnswer` when it is not about these operations; then nothing is kept
   */
  accept(nonce: string, block: Block, hostName: string): Block {
    const base = this.#base;
    this.#base = undefined;
    const [kind, count, since] = block.lines[0]?.words ?? [];
    const isDelta = kind === 'delta';
    const facts = mergeFacts(isDelta ? this.#facts : noFacts, block);
    const follows = isDelta
      ? since === base?.nonce && block.machineId === base?.machineId && block.bootId === base.bootId
      : kind === 'full';
    const { operations } = facts;
    const isWhole = operations.size === this.size && [...operations.keys()].every((id) => this.has(id));
    if (!follows || !isWhole || count !== String(this.size)) {
      throw new RemoteOperationsError(
        'BadAnswer',
        l10n.t(
          '{0} gave an answer that does not fit what it was asked. Nothing was concluded from it; it is asked again.',
          hostName,
        ),
      );
    }
    this.#facts = facts;
    this.#base = { nonce, machineId: block.machineId, bootId: block.bootId };
    return { ...block, lines: linesOf(facts) };
  }

  /** What the answer to the last request tells of the machine. It is told anew each time. */
  readings(block: Block): HostReading[] {
    return readSamples(block, [...this.#asked.keys()]);
  }

  #covers(wanted: ReadonlyMap<string, string>): boolean {
    return (
      this.size - wanted.size <= spareFor(wanted.size) &&
      [...wanted].every(([id, line]) => this.#asked.get(id) === line)
    );
  }
}

/** How many operations one request is about at most. */
export const maxPartSize = 2_000;

/** Shares operations out: each to the part that has it, new ones to where there is room or a part of their own. */
export function dividedAmong(
  parts: readonly ProbePart[],
  wanted: ReadonlyMap<string, string>,
): Map<ProbePart, Map<string, string>> {
  // Parts that have become small together are made anew: each of them costs a round trip.
  const kept = wanted.size > (parts.length - 1) * maxPartSize * 0.75 ? parts : [];
  const shares = new Map(kept.map((part) => [part, new Map<string, string>()]));
  const others: [string, string][] = [];
  for (const [id, line] of wanted) {
    const part = kept.find((each) => each.has(id));
    if (part) {
      shares.get(part)?.set(id, line);
    } else {
      others.push([id, line]);
    }
  }
  for (const [id, line] of others) {
    const [, room] = [...shares].find(([, share]) => share.size < maxPartSize) ?? [];
    const share = room ?? new Map<string, string>();
    share.set(id, line);
    if (!room) {
      shares.set(new ProbePart(shares.size), share);
    }
  }
  return shares;
}
