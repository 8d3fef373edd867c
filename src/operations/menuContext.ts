import { canArchive, canKill, canRestart, canResubmit, hasFolder, hasLog, hasOpenPort } from './applicable';
import type { OperationView } from './operationView';
import { canPause, canResume } from './pausing';
import { isReported } from './report';
import { isTerminal } from './status';

/** What needs the host, and is offered only while that is in the settings. */
const onHost: readonly (readonly [name: string, applies: (view: OperationView) => boolean])[] = [
  ['log', hasLog],
  ['folder', hasFolder],
  ['port', hasOpenPort],
  ['pausable', canPause],
  ['resumable', canResume],
  ['untilfree', ({ untilFree }) => untilFree === true],
  ['restartable', canRestart],
  ['resubmittable', canResubmit],
  ['killable', canKill],
];

/**
 * What the menus of a row or a card go by (`viewItem` and `webviewSection` in package.json): `operation` or, of another
 * extension's, `reported`, then `active` or `ended`, then each thing that can be done now, as in
 * `operation.active.log.killable`. What was submitted elsewhere is `found`.
 */
export function menuContext(view: OperationView, isWatched: boolean): string {
  if (view.origin === 'found') {
    return 'found';
  }
  const names = onHost.filter(([, applies]) => isWatched && applies(view)).map(([name]) => name);
  return [
    isReported(view) ? 'reported' : 'operation',
    isTerminal(view.status) ? 'ended' : 'active',
    ...names,
    ...(view.forwardedPort === undefined ? [] : ['forwarded']),
    ...(canArchive(view, isWatched) ? ['archivable'] : []),
  ].join('.');
}
