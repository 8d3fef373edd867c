import * as v from 'valibot';
import { printable } from '../../hosts/destination';
import type { PueueGroup } from '../../operations/pueueOptions';
import type { Block, Line } from '../frame';

/** What pueue says of a task. */
export interface TaskFacts {
  /** Given out again after it was cleaned away: good for telling people, and for nothing else. */
  number: number;
  /** In pueue's own words, like "Queued". */
  state: string;
  /** How it ended, in pueue's own words, like "Killed"; of the state "Done". */
  result?: string;
  /** What comes with the result: an exit code, or why it could not be started. */
  detail?: string;
  group: string;
  dependencies: number[];
  /** When a stashed one is to be enqueued. ISO 8601. */
  enqueueAt?: string;
  /** By the host's own clock, in milliseconds since 1970. */
  startMs?: number;
  endMs?: number;
}

/** What pueue has of an operation. */
export interface Task extends TaskFacts {
  /** The operation's id. */
  token: string;
}

/** A task that was not asked about. */
export interface OtherTask extends TaskFacts {
  /** The id of the operation that its label names, if it is one of ours. */
  token?: string;
  /** Its label, or how its command begins; empty where neither says anything. */
  name: string;
  /** By the host's own clock, in milliseconds since 1970; with the number, it tells tasks apart. */
  createdMs: number;
}

/** Whether the daemon that answered is the one that an operation was handed to; `none`: it was handed to nobody. */
export type Handed = 'same' | 'other' | 'unknown' | 'none';

/** Why pueue did not answer, or why its answer does not tell. */
export interface Problem {
  code: 'no-pueue' | 'no-daemon' | 'no-answer' | 'other-daemon';
  words: string;
}

/** What look.sh said. */
export interface LookAnswer {
  problem?: Problem;
  tasks: ReadonlyMap<string, Task[]>;
  groups: ReadonlyMap<string, PueueGroup>;
  /** Operations that have begun, or were called off. */
  claimed: ReadonlySet<string>;
  /** Of the others whose daemon answered. */
  handed: ReadonlyMap<string, Handed>;
  /** Names the daemon that answered; missing where it cannot be told from others. */
  daemon?: string;
  /** Those that have not ended, and of the others those that were asked for; `isWhole`: all of them. */
  others: { tasks: readonly OtherTask[]; isWhole: boolean };
  /** The host's clock when it answered, in milliseconds since 1970. */
  hostMs: number;
  machineId: string;
  /** Tasks that were not understood: any operation may be meant. */
  strange: number;
}

const prefix = 'remote-ops-';
const mostDependencies = 1_000;

/** A word, or a word with what belongs to it: `"Queued"`, `{"Stashed":{"enqueue_at":null}}`. */
const tagged = v.union([v.pipe(v.string(), v.maxLength(40)), v.record(v.string(), v.unknown())]);
const time = v.nullish(v.string());
const factsSchema = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  status: tagged,
  group: v.string(),
  dependencies: v.optional(v.pipe(v.array(v.number()), v.maxLength(mostDependencies))),
  start: time,
  end: time,
});
const ownSchema = v.object({ label: v.pipe(v.string(), v.startsWith(prefix)) });
const otherSchema = v.object({ name: v.string(), created_at: v.string() });
const handedSchema = v.picklist(['same', 'other', 'unknown', 'none']);
const groupSchema = v.object({ name: v.string(), status: tagged, parallel_tasks: v.number() });
/** Of version 4, whose states hold what version 3 has beside them. */
const heldSchema = v.object({ enqueue_at: time, start: time, end: time, result: v.optional(tagged) });

/** `undefined`: it is not the answer of look.sh. */
export function readLookAnswer({ lines, machineId }: Block): LookAnswer | undefined {
  const tasks = new Map<string, Task[]>();
  const claimed = new Set<string>();
  let strange = 0;
  let problem: Problem | undefined;
  let isAnswered = false;
  let hostMs = NaN;
  let daemon: string | undefined;
  const handed = new Map<string, Handed>();
  const others: OtherTask[] = [];
  let isWhole = true;
  for (const line of lines) {
    const [tag, what = '', code = ''] = line.words;
    if (tag === 'pueue') {
      isAnswered = true;
      problem = what === 'ok' ? undefined : readProblem(code, line);
    } else if (tag === 'task') {
      const task = readTask(line.words.slice(3).join(' '));
      if (task) {
        tasks.set(task.token, [...(tasks.get(task.token) ?? []), task]);
      } else {
        strange += 1;
      }
    } else if (tag === 'other') {
      const other = readOther(line.words.slice(3).join(' '));
      isWhole &&= other !== undefined;
      others.push(...(other ? [other] : []));
    } else if (tag === 'more') {
      isWhole = false;
    } else if (tag === 'strange') {
      strange += 1;
    } else if (tag === 'daemon') {
      daemon = what;
    } else if (tag === 'handed') {
      handed.set(what, v.is(handedSchema, code) ? code : 'unknown');
    } else if (tag === 'now') {
      hostMs = Number(what) * 1000;
    } else if (tag === 'claimed') {
      claimed.add(what);
    }
  }
  return isAnswered
    ? {
        ...(problem && { problem }),
        ...{ tasks, groups: readGroups(lines), claimed, handed, hostMs, machineId, strange },
        ...(daemon !== undefined && { daemon }),
        others: { tasks: others, isWhole: isWhole && strange === 0 },
      }
    : undefined;
}

export function readGroups(lines: readonly Line[]): Map<string, PueueGroup> {
  const groups = new Map<string, PueueGroup>();
  for (const { words } of lines) {
    const read =
      words[0] === 'group' ? v.safeParse(groupSchema, fromJson(words.slice(1).join(' '))) : undefined;
    if (read?.success) {
      const { name, status, parallel_tasks } = read.output;
      groups.set(name, { name, parallel: parallel_tasks, isPaused: untag(status).word !== 'Running' });
    }
  }
  return groups;
}

export function readProblem(code: string | undefined, { data }: Line): Problem {
  return {
    code: code === 'no-pueue' || code === 'no-daemon' ? code : 'no-answer',
    words: printable(data.toString('utf8')),
  };
}

/** `undefined` when it is not understood. */
export function readTask(json: string): Task | undefined {
  const value = fromJson(json);
  const facts = readFacts(value);
  const own = v.safeParse(ownSchema, value);
  return facts && own.success ? { ...facts, token: own.output.label.slice(prefix.length) } : undefined;
}

/** `undefined` when it is not understood. */
export function readOther(json: string): OtherTask | undefined {
  const value = fromJson(json);
  const facts = readFacts(value);
  const other = v.safeParse(otherSchema, value);
  const createdMs = other.success ? Date.parse(other.output.created_at) : NaN;
  if (!facts || !other.success || Number.isNaN(createdMs)) {
    return undefined;
  }
  const name = printable(other.output.name).trim();
  return { ...facts, ...(name.startsWith(prefix) && { token: name.slice(prefix.length) }), name, createdMs };
}

function readFacts(value: unknown): TaskFacts | undefined {
  const read = v.safeParse(factsSchema, value);
  if (!read.success) {
    return undefined;
  }
  const { id, status, group, dependencies = [], start, end } = read.output;
  const { word: state, held } = untag(status);
  const inside = v.safeParse(heldSchema, held);
  const more = inside.success ? inside.output : { enqueue_at: null };
  const isDone = state === 'Done';
  // Version 3 has the result right in the state.
  const result = isDone
    ? untag('result' in more && more.result !== undefined ? more.result : held)
    : undefined;
  const startMs = Date.parse(('start' in more ? more.start : start) ?? start ?? '');
  const endMs = Date.parse(('end' in more ? more.end : end) ?? end ?? '');
  return {
    number: id,
    state,
    ...(result && { result: result.word }),
    ...(result && detailOf(result.held)),
    group: printable(group),
    dependencies,
    ...(more.enqueue_at && { enqueueAt: printable(more.enqueue_at) }),
    ...(Number.isFinite(startMs) && { startMs }),
    ...(Number.isFinite(endMs) && { endMs }),
  };
}

function detailOf(held: unknown): { detail?: string } {
  return typeof held === 'string' || typeof held === 'number' ? { detail: printable(String(held)) } : {};
}

function untag(value: unknown): { word: string; held?: unknown } {
  if (typeof value === 'string') {
    return { word: printable(value) };
  }
  const [entry] = Object.entries(value ?? {});
  return entry ? { word: printable(entry[0]), held: entry[1] } : { word: '' };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
