import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Engine } from '../../src/engine/engine';
import type { EngineSettings } from '../../src/engine/context';
import type { SubmitSpec } from '../../src/operations/operation';
import type { OperationView } from '../../src/operations/operationView';
import { isTerminal } from '../../src/operations/status';
import type { OperationStore } from '../../src/store/operationStore';
import { eventually } from '../testbed/eventually';
import type { ProxiedHost } from '../testbed/proxiedHost';
import { contextWith, FixedHosts } from '../unit/engine/engineRig';
import { StoreFolder } from '../unit/store/storeSupport';
import { machineFor } from './connectionSupport';
import { LocalFolder } from './uploadSupport';
import { HastyClock } from './watchFoldersSupport';

/** An engine that submits to a real host behind a line that breaks, and a local folder to upload from. */
export class UploadRig {
  readonly local = new LocalFolder();
  readonly engine: Engine;
  readonly settings: EngineSettings;
  readonly logged: string[];
  /** Every row that was told. */
  readonly told: OperationView[] = [];

  private constructor(
    private readonly host: ProxiedHost,
    store: OperationStore,
    private readonly folder: StoreFolder,
  ) {
    const { machine } = machineFor(host.sshd, { through: host.proxy });
    const hosts = new FixedHosts(new Map([['test', machine]]));
    const { context, logged, settings } = contextWith(store, hosts, new HastyClock());
    this.engine = new Engine(context);
    this.logged = logged;
    this.settings = settings;
    this.engine.onDidChange((views) => void this.told.push(...views));
  }

  static async open(host: ProxiedHost): Promise<UploadRig> {
    const folder = new StoreFolder();
    const rig = new UploadRig(host, await folder.open(), folder);
    await rig.engine.start();
    return rig;
  }

  submit(spec: Partial<SubmitSpec> = {}): Promise<OperationView> {
    return this.engine.submit({
      hostId: 'test',
      type: 'job',
      name: 'train',
      command: `echo "$PWD $REMOTE_OPS_UPLOAD" >>"$HOME/ran-$REMOTE_OPS_ID"`,
      uploadFrom: this.local.root,
      ...spec,
    });
  }

  ended(id: string): Promise<OperationView> {
    return eventually('the operation to end', async () => {
      await this.engine.sync();
      const view = this.engine.get(id);
      return view && isTerminal(view.status) && view;
    });
  }

  /** What each run of its command told. */
  runs(id: string): string[] {
    const file = path.join(this.host.sshd.home, `ran-${id}`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  get uploads(): string {
    return path.join(this.host.sshd.home, '.remote-ops', 'uploads');
  }

  /** What lies on the host for an operation, under a temporary name or its own. */
  left(id: string): string[] {
    const names = existsSync(this.uploads) ? readdirSync(this.uploads) : [];
    return names.filter((name) => name.includes(id));
  }

  /** Lets so many bytes pass, and then does something at once. */
  async after(bytes: number, act: () => void): Promise<void> {
    const from = this.host.proxy.bytes();
    await eventually(`${bytes} bytes to pass`, () => this.host.proxy.bytes() - from > bytes);
    act();
  }

  async dispose(): Promise<void> {
    await this.engine.dispose();
    this.folder.dispose();
    this.local.dispose();
  }
}
