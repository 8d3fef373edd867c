import { Emitter, type Disposable } from '../emitter';
import type { ListQuery, OperationsService } from '../engine/operationsService';
import type { OperationView } from '../operations/operationView';

/**
 * The service that views and commands hold. It is there from the first moment of activation; behind it
 * the real one comes up, and calls wait for it.
 */
export class ServiceSwitch implements OperationsService {
  readonly #changed = new Emitter<OperationView[]>();
  readonly #hostsChanged = new Emitter<void>();
  readonly #visible = new Set<string>();
  readonly #subscriptions: Disposable[] = [];
  #current: OperationsService | undefined;
  #provide!: (service: OperationsService) => void;
  #fail!: (error: unknown) => void;
  readonly #ready: Promise<OperationsService>;

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeHosts = this.#hostsChanged.event;

  constructor() {
    this.#ready = new Promise((resolve, reject) => {
      this.#provide = resolve;
      this.#fail = reject;
    });
    // Whoever calls gets the rejection; nobody calling is no error.
    this.#ready.catch(() => undefined);
  }

  /** Whether what the views show is the real state yet. */
  get isReady(): boolean {
    return this.#current !== undefined;
  }

  provide(service: OperationsService): void {
    this.#current = service;
    this.#subscriptions.push(
      service.onDidChange((views) => this.#changed.fire(views)),
      service.onDidChangeHosts(() => this.#hostsChanged.fire()),
    );
    for (const view of this.#visible) {
      service.setVisible(view, true);
    }
    this.#provide(service);
    this.#changed.fire(service.operations());
  }

  fail(error: unknown): void {
    this.#fail(error);
  }

  hosts: OperationsService['hosts'] = () => this.#current?.hosts() ?? [];
  operations: OperationsService['operations'] = () => this.#current?.operations() ?? [];
  get: OperationsService['get'] = (id) => this.#current?.get(id);
  series: OperationsService['series'] = (id) => this.#current?.series(id);
  list = async (query?: ListQuery) => (await this.#ready).list(query);
  sync: OperationsService['sync'] = async (...call) => (await this.#ready).sync(...call);
  submit: OperationsService['submit'] = async (spec) => (await this.#ready).submit(spec);
  kill: OperationsService['kill'] = async (...call) => (await this.#ready).kill(...call);
  archive: OperationsService['archive'] = async (id) => (await this.#ready).archive(id);
  log: OperationsService['log'] = async (...call) => (await this.#ready).log(...call);
  history: OperationsService['history'] = async (id) => (await this.#ready).history(id);
  connect: OperationsService['connect'] = async (...call) => (await this.#ready).connect(...call);
  disconnect: OperationsService['disconnect'] = (hostId) => this.#current?.disconnect(hostId);

  setVisible(view: string, visible: boolean): void {
    if (visible) {
      this.#visible.add(view);
    } else {
      this.#visible.delete(view);
    }
    this.#current?.setVisible(view, visible);
  }

  /** For callers that need the service to be up, as the exported API does. */
  ready(): Promise<OperationsService> {
    return this.#ready;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }
}
