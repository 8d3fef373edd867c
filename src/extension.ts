import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RemoteOperationsApi } from './api';
import { caseCommands } from './commands/caseCommands';
import { historyCommands } from './commands/historyCommands';
import { hostCommands } from './commands/hostCommands';
import { logCommands } from './commands/logCommands';
import { operationCommands } from './commands/operationCommands';
import { openRowCommand } from './commands/openRow';
import { pauseCommands } from './commands/pauseCommands';
import { portCommands } from './commands/portCommands';
import { checkPortsCommand } from './commands/ports/checkPortsCommand';
import { settle } from './commands/settle';
import { registerAll } from './commands/registerAll';
import { runCommands } from './commands/runCommands';
import { resubmitCommands } from './commands/resubmitCommands';
import { sampleCommands } from './commands/sampleCommand';
import { submitCommands } from './commands/submitCommand';
import { terminalCommands } from './commands/terminalCommands';
import { trackCommands } from './commands/trackCommands';
import { viewCommands } from './commands/viewCommands';
import { watchFolderCommands } from './commands/watchFolderCommands';
import { exportedApi } from './exportedApi';
import { listAliases } from './hosts/sshConfig';
import { writeNumbersIn } from './operations/numberFormats';
import type { OperationView } from './operations/operationView';
import { notificationLevel, stalledAfterMs } from './settings';
import { sshSource } from './sshSource';
import { registerTools } from './tools/registerTools';
import { Dashboard } from './views/dashboard/dashboardPanel';
import { DetailPanels } from './views/detail/detailPanels';
import { HistoryDocuments } from './views/historyDocuments';
import { LastSeen } from './views/lastSeen';
import { LoginNotice } from './views/loginNotice';
import { LogDocuments } from './views/logs/logDocuments';
import { showWarning } from './views/messages';
import { Notifications } from './views/notifications';
import { NewOperationForms } from './views/newOperation/newOperationForms';
import { SpecLibrary } from './views/newOperation/specLibrary';
import { OperationsViewHost } from './views/operationsView';
import type { Settle } from './views/settled';
import { tellStart } from './views/startTeller';
import { StatusBar } from './views/statusBar';
import { provideTasks } from './views/tasks/taskProvider';
import { UntrackedLists } from './views/untrackedLists';
import { ViewFilter } from './views/viewFilter';
import type { Membership } from './windows/membership';
import { ServiceSwitch } from './windows/serviceSwitch';

const closeMs = 4_000;

let membership: Membership | undefined;

/** Builds the parts, wires them, and returns at once: what needs the disk or the network comes up later. */
export function activate(context: vscode.ExtensionContext): RemoteOperationsApi {
  const { subscriptions } = context;
  // Code that does not know vscode speaks through @vscode/l10n, from the same bundle.
  if (vscode.l10n.bundle) {
    l10n.config({ contents: vscode.l10n.bundle });
  }
  writeNumbersIn(vscode.env.language);
  const log = vscode.window.createOutputChannel('Remote Operations', { log: true });
  const service = new ServiceSwitch();
  const filter = new ViewFilter(context.workspaceState);
  const dashboard = new Dashboard(context.extensionUri, service, filter, context.globalState);
  const details = new DetailPanels(context.extensionUri, service);
  const library = new SpecLibrary(context.globalState);
  const lists = new UntrackedLists(service, () => performance.now());
  const view = new OperationsViewHost(service, filter, lists);
  const onStarted = (started: OperationView) =>
    void tellStart(started, {
      revealInTree: (id) => view.reveal(id),
      isDashboardVisible: () => dashboard.isVisible,
    });
  const settled: Settle = (draft) => settle(service, draft);
  const forms = new NewOperationForms(context.extensionUri, service, library, onStarted, settled);
  const starting = { service, forms, library, onStarted };
  const logs = new LogDocuments(service);
  const history = new HistoryDocuments(service);
  subscriptions.push(
    log,
    service,
    dashboard,
    details,
    logs,
    history,
    lists,
    view,
    forms,
    new StatusBar(service),
    new LoginNotice(service),
    provideTasks(service, library, settled),
    new Notifications(service, {
      lastSeen: new LastSeen(context.globalState, Date.now()),
      level: notificationLevel,
      stalledAfterMs,
    }),
  );
  subscriptions.push(
    registerAll(
      {
        ...operationCommands(service, history),
        ...logCommands(service, logs),
        ...portCommands(service),
        ...checkPortsCommand(service),
        ...terminalCommands(service, vscode.Uri.joinPath(context.globalStorageUri, 'known_hosts').fsPath),
        ...pauseCommands(service),
        ...submitCommands(starting),
        ...sampleCommands(starting),
        ...resubmitCommands(starting),
        ...hostCommands({ service, aliases: () => listAliases(sshSource()) }),
        ...runCommands(service),
        ...trackCommands({
          ...{ service, lists },
          foundAt: (node) => view.untrackedOf(node),
          reveal: (id) => view.reveal(id),
        }),
        ...watchFolderCommands(service),
        ...caseCommands(service),
        ...openRowCommand(),
        ...historyCommands(service, history),
        ...viewCommands(service, dashboard, details, filter, log),
      },
      log,
      () => view.selection,
    ),
  );
  subscriptions.push(
    registerTools(service),
    service.onDidLoseForward(({ name, localPort, problem }) => {
      const text = vscode.l10n.t('Port {0} no longer leads to "{1}": {2}', String(localPort), name, problem);
      void showWarning(text);
    }),
  );
  // Loaded after activation: it brings the SSH library's wrappers, the database and the requests along.
  void import('./localEngine').then(
    ({ joinWindows }) => (membership = joinWindows(context, log, service)),
    (error: unknown) => service.fail(error),
  );
  return exportedApi(service, subscriptions);
}

/** VS Code waits five seconds; whatever must not be lost has been on the disk long before. */
export async function deactivate(): Promise<void> {
  const impatience = new Promise((resolve) => setTimeout(resolve, closeMs));
  await Promise.race([membership?.close(), impatience]);
}
