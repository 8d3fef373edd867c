import * as vscode from 'vscode';
import type { OperationsService } from '../../engine/operationsService';
import { canRestart } from '../../operations/applicable';
import { isTroubled } from '../../operations/hostState';
import type { HostView, OperationView } from '../../operations/operationView';
import { isTaken, type PortUse } from '../../operations/portUse';
import type { Draft } from '../../operations/spec';
import { shortChange, withPort } from '../../operations/withPort';
import { oneLine } from '../../views/historyTable';
import { showWarning } from '../../views/messages';
import { withoutIcons } from '../../views/plainText';
import { portText, usersText, userText } from '../../views/portText';
import type { Settled } from '../../views/settled';
import { withProgress } from '../withProgress';
import { endUses } from './endUse';
import { canEnd } from './vacatePort';

interface Choice extends vscode.QuickPickItem {
  /** `again`: the port is as it was, or used by somebody else now. */
  choose: () => Settled | undefined | Promise<Settled | undefined | 'again'>;
}

const mostLookMs = 15_000;
/** A look that is done by then is not told of. */
const quietMs = 1_000;

/**
 * Before a server is started: where its port is taken, the user decides. `undefined`: the user left, and nothing is
 * started. A look that fails keeps nothing from being started, and asks for no login.
 *
 * @param act what starts the draft as it is
 */
export async function settlePort(
  service: OperationsService,
  draft: Draft,
  act: () => Promise<OperationView> = () => service.submit(draft),
): Promise<Settled | undefined> {
  const host = service.hosts().find(({ id }) => id === draft.hostId);
  const { port } = draft;
  // What Slurm starts runs on another machine.
  if (
    draft.type !== 'server' ||
    port === undefined ||
    draft.launcher === 'slurm' ||
    !host ||
    isTroubled(host)
  ) {
    return { draft, act };
  }
  for (;;) {
    const uses = await look(service, host, port);
    if (uses === 'cancelled') {
      return undefined;
    }
    if (uses.length === 0) {
      return { draft, act };
    }
    const choice = await choose(service, host, { draft, act }, port, uses);
    const settled = await choice?.choose();
    if (settled !== 'again') {
      return settled;
    }
  }
}

async function look(
  service: OperationsService,
  { id, name }: HostView,
  port: number,
): Promise<PortUse[] | 'cancelled'> {
  const abort = new AbortController();
  const { signal } = abort;
  const within = AbortSignal.any([signal, AbortSignal.timeout(mostLookMs)]);
  const looking = service.checkPorts(id, [port], {}, within).then(
    (uses) => uses.filter(isTaken),
    () => (signal.aborted ? 'cancelled' : []),
  );
  const quick = await Promise.race([
    looking,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), quietMs)),
  ]);
  const title = vscode.l10n.t('Looking whether port {0} on {1} is free...', String(port), name);
  return (
    quick ??
    withProgress({ title, cancellable: true }, (cancelled) => {
      cancelled.addEventListener('abort', () => abort.abort(), { once: true });
      return looking;
    })
  );
}

function choose(
  service: OperationsService,
  host: HostView,
  settled: Settled,
  port: number,
  uses: readonly PortUse[],
): Thenable<Choice | undefined> {
  const { t } = vscode.l10n;
  const choices: Choice[] = [
    // What comes first is what Enter takes: nothing that ends something.
    ...otherPort(service, settled, uses),
    ...(settled.draft.startWhenFree
      ? [
          // Who has the port is not ended for what starts nobody knows when.
          {
            label: t('$(watch) Queue Anyway'),
            description: t('it fails if the port is still in use when its turn comes'),
            choose: () => settled,
          },
        ]
      : [
          ...restartInstead(service, settled, uses),
          ...killAndStart(service, host, settled, port, uses),
          {
            label: t('$(play) Submit Anyway'),
            description: t('it fails if it needs the same address'),
            choose: () => settled,
          },
        ]),
    { label: t('$(close) Cancel'), description: t('nothing is started'), choose: () => undefined },
  ];
  return vscode.window.showQuickPick(choices, {
    title: t('Port {0} on {1} is taken', String(port), host.name),
    placeHolder: withoutIcons(t('By {0}', usersText(uses, service))),
    ignoreFocusOut: true,
  });
}

function killAndStart(
  service: OperationsService,
  host: HostView,
  settled: Settled,
  port: number,
  uses: readonly PortUse[],
): Choice[] {
  const { t } = vscode.l10n;
  if (!uses.every(canEnd)) {
    return [];
  }
  return [
    {
      label: t('$(debug-stop) Kill and Start'),
      description: t('once the port was seen free'),
      detail: withoutIcons(
        uses.map((use) => oneLine(use.command ?? '') || userText(use, service)).join('; '),
      ),
      choose: async () => {
        const left = await endUses(service, host, port, uses);
        if (left?.some(isTaken)) {
          void showWarning(portText(port, host.name, left, service));
        }
        return left?.some(isTaken) === false ? settled : 'again';
      },
    },
  ];
}

/** The same server runs already. */
function restartInstead(service: OperationsService, { draft }: Settled, uses: readonly PortUse[]): Choice[] {
  const { t } = vscode.l10n;
  return uses.flatMap(({ operationId, isOrphan }): Choice[] => {
    const same = operationId === undefined || isOrphan ? undefined : service.get(operationId);
    return same && canRestart(same) && (same.name === draft.name || same.command === draft.command)
      ? [
          {
            label: t('$(debug-restart) Restart "{0}"', withoutIcons(oneLine(same.name))),
            description: t('it is ended, and started again as it was'),
            choose: () => ({ draft, act: () => service.restart(same.id) }),
          },
        ]
      : [];
  });
}

function otherPort(service: OperationsService, { draft }: Settled, [use]: readonly PortUse[]): Choice[] {
  const { t } = vscode.l10n;
  if (use?.nextFree === undefined) {
    return [];
  }
  const { draft: changed, changes } = withPort(draft, use.nextFree);
  const shown = changes.map((change) => oneLine(shortChange(change)));
  return [
    {
      label: t('$(arrow-right) Use Port {0}', String(use.nextFree)),
      description: t('the next one that is free'),
      detail: withoutIcons(
        shown.length > 0
          ? shown.join('; ')
          : t('The command does not name port {0}: see that it listens on the other one.', String(use.port)),
      ),
      choose: () => ({ draft: changed, act: () => service.submit(changed) }),
    },
  ];
}
