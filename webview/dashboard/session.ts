/** What the webview knows: the last snapshot, brought up to date by what changed since. */
import { applyChanges } from '../../src/views/dashboard/changes';
import type { DashboardSnapshot, ToWebview } from '../../src/views/dashboard/protocol';

export class Session {
  private sequence: number | undefined;
  private snapshot: DashboardSnapshot | undefined;

  /** The snapshot as it is now, or undefined where a message is missing: a whole one has to be asked for. */
  receive(message: ToWebview): DashboardSnapshot | undefined {
    if (message.type === 'snapshot') {
      this.snapshot = message.snapshot;
    } else if (this.snapshot !== undefined && message.sequence === (this.sequence ?? 0) + 1) {
      this.snapshot = applyChanges(this.snapshot, message.changes);
    } else {
      this.snapshot = undefined;
    }
    this.sequence = message.sequence;
    return this.snapshot;
  }
}
