import { hasLog } from './applicable';
import type { OperationView } from './operationView';
import { canPause, canResume } from './pausing';
import { isReported } from './report';
import { isTerminal } from './status';

/**
 * What the menus of a row or a card go by (`viewItem` and `webviewSection` in package.json): `operation.active` with
 * what can be done now, `operation.ended`, `operation.unwatched` where its host is not in the settings, `reported` of
 * another extension's, or `found`.
 */
export function menuContext(view: OperationView, isWatched: boolean): string {
  if (view.origin === 'found') {
    return 'found';
  }
  if (isReported(view)) {
    return 'reported';
  }
  // It is not known how to start it again.
  const adopted = view.adopted === undefined ? '' : '.adopted';
  if (isTerminal(view.status)) {
    return `operation.ended${adopted}`;
  }
  const log = hasLog(view) ? '' : '.nolog';
  if (!isWatched) {
    return `operation.unwatched${log}`;
  }
  const change = canPause(view)
    ? '.pausable'
    : canResume(view)
      ? '.resumable'
      : view.untilFree
        ? '.untilfree'
        : '';
  const port = view.port === undefined ? '' : '.port';
  const forwarded = view.forwardedPort === undefined ? '' : '.forwarded';
  return `operation.active${adopted}${change}${port}${forwarded}${log}`;
}
