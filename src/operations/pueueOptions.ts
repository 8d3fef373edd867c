import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { text } from './specText';

/** What pueue is asked for beside the command. What is left out, pueue decides. */
export interface PueueOptions {
  group?: string;
  /** Of those that wait, the ones with the highest start first. */
  priority?: number;
}

/** A group of pueue: a queue of its own. */
export interface PueueGroup {
  name: string;
  /** How many of its tasks run at a time; 0: as many as there are. */
  parallel: number;
  /** It starts nothing for now. */
  isPaused: boolean;
}

const mostPriority = 1_000_000;
const priorityMessage = () => l10n.t('The priority must be a whole number from -{0} to {0}.', mostPriority);

export const pueueSchema = v.strictObject(
  {
    group: v.optional(
      v.pipe(
        text(() => l10n.t('The group'), 200),
        v.regex(/^[^\p{C}]+$/u, () => l10n.t('The group is not the name of a group of pueue.')),
      ),
    ),
    priority: v.optional(
      v.pipe(
        v.number(priorityMessage),
        v.integer(priorityMessage),
        v.minValue(-mostPriority, priorityMessage),
        v.maxValue(mostPriority, priorityMessage),
      ),
    ),
  },
  (issue) =>
    issue.expected === 'never'
      ? l10n.t('"pueue.{0}" is not supported by this version.', String(issue.path?.[0].key))
      : l10n.t('The options for pueue must be an object.'),
);
