import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import type { HostView } from '../../operations/operationView';
import type { PortUse } from '../../operations/portUse';
import { confirmsKill } from '../../settings';
import { confirm } from '../../views/messages';
import { userText } from '../../views/portText';
import { withProgress } from '../withProgress';
import { vacatePort, othersAmong } from './vacatePort';

/** Most processes that are named one by one. */
const mostNamed = 5;

/**
 * Ends those who use a port, after the user's word, and looks at it again. Resolves with who uses it then; `undefined`:
 * the user left, and nothing was done.
 */
export function endUses(
  service: OperationsService,
  host: HostView,
  port: number,
  uses: readonly PortUse[],
): Promise<PortUse[] | undefined> {
  const { t } = vscode.l10n;
  const title = t('Freeing port {0} on {1}...', String(port), host.name);
  return vacatePort(
    {
      service,
      hostId: host.id,
      port,
      confirms: confirmsKill(),
      ask: (named, areLeft) =>
        confirm(
          areLeft
            ? t('Port {0} on {1} is still in use. End this as well?', String(port), host.name)
            : t('Free port {0} on {1}?', String(port), host.name),
          [
            t('What uses it is asked to end (TERM), and killed (KILL) if it has not after 10 seconds:'),
            ...named.flatMap((use) => linesOf(service, use)),
          ].join('\n\n'),
          t('Kill'),
        ),
      during: (work) => withProgress({ title }, work),
    },
    uses,
  );
}

/** Who is ended, and what is to be known of those who share its port. */
function linesOf(service: OperationsService, use: PortUse): string[] {
  const { t } = vscode.l10n;
  const { port, command, sharedBy = [] } = use;
  const others = othersAmong(use);
  const named = others
    .slice(0, mostNamed)
    .map((other) => userText({ port, listening: true, ...other }, service))
    .concat(others.length > mostNamed ? t('and {0} more', String(others.length - mostNamed)) : []);
  const own = sharedBy.length - others.length;
  return [
    [userText(use, service), command].filter(Boolean).join('\n'),
    ...(own > 0
      ? [t('What shares it ({0}) mostly ends with it. You are asked about what does not.', String(own))]
      : []),
    ...(named.length > 0
      ? [
          t(
            'It is shared with {0}, which cannot be ended from here. The port may stay in use.',
            named.join('; '),
          ),
        ]
      : []),
  ];
}
