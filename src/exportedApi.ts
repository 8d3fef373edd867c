import * as vscode from 'vscode';
import type { RemoteOperationsApi } from './api';
import { apiCalls } from './apiCalls';
import { systemClock } from './engine/clock';
import type { OperationView } from './operations/operationView';
import { ReportPace } from './windows/reportPace';
import type { ServiceSwitch } from './windows/serviceSwitch';

/** The exported API: the service, made safe for callers that are not ours. */
export function exportedApi(service: ServiceSwitch, disposables: vscode.Disposable[]): RemoteOperationsApi {
  const reports = new ReportPace(service, systemClock);
  const changed = new vscode.EventEmitter<OperationView[]>();
  disposables.push(
    changed,
    service.onDidChange((views) => changed.fire(structuredClone(views))),
  );
  return {
    ...apiCalls(service, reports),
    onDidChange: changed.event,
  };
}
