import * as l10n from '@vscode/l10n';
import type { Operation } from '../operation';
import { isReported } from '../report';
import type { Cause } from './cause';
import { exitTitle } from './exitCauses';
import { titleOf } from './findInLog';
import { schedulerTitle } from './schedulerCauses';
import { spanText } from './spanText';

/**
 * Why an operation ended as it did, from what is known of it: what ended it from outside before what its own log says,
 * that before its exit code. Nothing of what has not ended, has completed, or ended in a way of which nothing is known.
 */
export function causeOf(operation: Operation): Cause | undefined {
  const { status, finding } = operation;
  // Who runs it said why, if anybody did.
  if (isReported(operation)) {
    return undefined;
  }
  if (status !== 'failed' && status !== 'stopped' && status !== 'cancelled') {
    return undefined;
  }
  const title = titleFor(operation);
  if (title === undefined) {
    return undefined;
  }
  return status !== 'cancelled' && finding && finding.lines.length > 0
    ? { title, lines: finding.lines }
    : { title };
}

function titleFor(operation: Operation): string | undefined {
  const { status, exitCode, finding } = operation;
  if (status === 'cancelled') {
    return operation.startedAt === undefined && exitCode === undefined
      ? l10n.t('It was called off before it began')
      : l10n.t('Killed from this list');
  }
  return (
    fromOutside(operation) ??
    schedulerTitle(operation) ??
    (finding && likely(titleOf(finding), finding.isLikely)) ??
    fromExit(operation)
  );
}

function fromOutside({ timedOut, spec, endedBy }: Operation): string | undefined {
  if (timedOut) {
    return l10n.t('It ran longer than its time limit of {0}', spanText(spec.timeoutSeconds ?? 0));
  }
  switch (endedBy) {
    case 'kill':
      return l10n.t('It was killed with Remote Operations on another computer');
    case 'restart':
      return l10n.t('Its host was restarted while it ran');
    case 'signal':
      return l10n.t('A signal from outside ended it');
    default:
      return undefined;
  }
}

const likely = (title: string | undefined, isLikely: true | undefined): string | undefined =>
  title !== undefined && isLikely ? l10n.t('Probably: {0}', title) : title;

function fromExit({ exitCode, endedBy }: Operation): string | undefined {
  if (exitCode) {
    return exitTitle(exitCode);
  }
  return endedBy === 'vanished'
    ? l10n.t(
        'All its processes are gone and left no exit code: probably somebody, or the kernel, killed them at once (SIGKILL)',
      )
    : undefined;
}
