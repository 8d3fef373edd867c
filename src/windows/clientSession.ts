import { timingSafeEqual } from 'node:crypto';
import { type CancellationToken, ResponseError } from 'vscode-jsonrpc/node';
import * as v from 'valibot';
import type { OperationsService } from '../engine/operationsService';
import type { Asker } from '../hosts/questions';
import { RemoteOperationsError } from '../operations/errors';
import { ChangeFeed } from './changeFeed';
import { ClientAsker } from './clientAsker';
import type { Link } from './link';
import {
  hello,
  type Hello,
  type Method,
  type Params,
  protocolVersion,
  requests,
  type Result,
  toOwner,
} from './protocol';
import { toWire } from './remoteErrors';

type Handlers = {
  [M in Method]: (
    service: OperationsService,
    params: Params<M>,
    signal: AbortSignal,
    asker: Asker,
    window: string,
  ) => Promise<Result<M> | void>;
};

const handlers: Handlers = {
  list: (service, query) => service.list(query),
  sync: (service, query, signal, asker) => service.sync(query, signal, asker),
  summary: (service, { hostId }) => service.summary(hostId),
  launchChoices: (service, { hostId }) => service.launchChoices(hostId),
  batchDirectives: (service, { hostId, script }) => service.batchDirectives(hostId, script),
  submit: (service, { spec }, _signal, asker) => service.submit(spec, asker),
  kill: (service, { id, ...options }, _signal, asker) => service.kill(id, options, asker),
  findRuns: (service, query, _signal, asker) => service.findRuns(query, asker),
  importRuns: (service, { hostId, ids }, _signal, asker) => service.importRuns(hostId, ids, asker),
  untracked: (service, { hostId, ...query }, _signal, asker) => service.untracked(hostId, query, asker),
  track: (service, { hostId, found }, _signal, asker) => service.track(hostId, found, asker),
  restart: (service, { id, ...options }, _signal, asker) => service.restart(id, options, asker),
  startNow: (service, { id }, _signal, asker) => service.startNow(id, asker),
  checkOverload: (service, { hostId, ...needs }) => service.checkOverload(hostId, needs),
  spec: (service, { id }) => service.spec(id),
  pause: (service, { id }, _signal, asker) => service.pause(id, asker),
  resume: (service, { id }, _signal, asker) => service.resume(id, asker),
  archive: (service, { id }) => service.archive(id),
  log: (service, { id, ...range }, _signal, asker) => service.log(id, range, asker),
  searchLog: (service, { id, ...query }, _signal, asker) => service.searchLog(id, query, asker),
  openPort: (service, { id, ...options }, _signal, asker) => service.openPort(id, options, asker),
  closePort: (service, { id }) => service.closePort(id),
  startReport: (service, { id, report }, _signal, _asker, window) => service.startReport(report, id, window),
  updateReport: (service, { id, progress }, _signal, _asker, window) =>
    service.updateReport(id, progress, window),
  completeReport: (service, { id, result }) => service.completeReport(id, result),
  checkPorts: (service, { hostId, ports, ...options }, signal, asker) =>
    service.checkPorts(hostId, ports, options, signal, asker),
  endProcess: (service, { hostId, process, ...options }, _signal, asker) =>
    service.endProcess(hostId, process, options, asker),
  history: (service, { id }) => service.history(id),
  courses: (service, { id }) => service.courses(id),
  hostCourses: (service, { hostId }) => service.hostCourses(hostId),
  sampleHost: (service, { hostId }, _signal, asker) => service.sampleHost(hostId, asker),
  connect: (service, { hostId }, signal, asker) => service.connect(hostId, signal, asker),
  retryCase: (service, { caseId }) => service.retryCase(caseId),
  cancelCase: (service, { caseId }) => service.cancelCase(caseId),
  claimNotice: (service, claim) => service.claimNotice(claim),
};

export interface SessionOptions {
  /** No other session of this owner has the same. */
  name: string;
  token: string;
  version: string;
}

/** What the owner does for one client: answers its requests, tells it of changes, notes what it shows. */
export class ClientSession {
  readonly #visible = new Set<string>();
  readonly #underWay = new Set<AbortController>();
  readonly #asker: ClientAsker;
  #known = false;
  #greeted = false;
  #retired = false;
  #service: OperationsService | undefined;
  #feed: ChangeFeed | undefined;

  constructor(
    private readonly link: Link,
    private readonly options: SessionOptions,
  ) {
    const { rpc } = link;
    this.#asker = new ClientAsker(link);
    rpc.onRequest('hello', (params: unknown) => this.#greet(params));
    rpc.onRequest('ping', () => null);
    for (const method of Object.keys(requests) as Method[]) {
      rpc.onRequest(method, (params: unknown, token: CancellationToken) =>
        this.#answer(method, params, token),
      );
    }
    rpc.onNotification('disconnect', (params: unknown) => {
      const parsed = v.safeParse(toOwner.disconnect, params);
      if (parsed.success) {
        this.#service?.disconnect(parsed.output.hostId);
      }
    });
    rpc.onNotification('visible', (params: unknown) => {
      const parsed = v.safeParse(toOwner.visible, params);
      if (parsed.success) {
        this.#show(parsed.output.view, parsed.output.visible);
      }
    });
    rpc.onNotification('reporting', (params: unknown) => {
      const parsed = v.safeParse(toOwner.reporting, params);
      if (parsed.success && this.#greeted) {
        this.#service?.hearReports(parsed.output.ids, this.options.name);
      }
    });
    link.ended.addEventListener('abort', () => this.#end(), { once: true });
    rpc.listen();
  }

  /** Whether it has shown that it is a window of this user, of whatever version. */
  get isKnown(): boolean {
    return this.#known;
  }

  serve(service: OperationsService): void {
    this.#service = service;
    this.#tell();
  }

  /** Answers and tells nothing more: the client shall take no answer of an engine that is being closed. */
  retire(): void {
    this.#retired = true;
    this.#feed?.dispose();
    this.#feed = undefined;
  }

  #greet(input: unknown): { accepted: boolean; version: string } {
    const parsed = v.safeParse(hello.params, input);
    if (!parsed.success || !isSame(parsed.output.token, this.options.token)) {
      this.link.end();
      throw new ResponseError(2, 'Not a window of this user.');
    }
    this.#known = true;
    const accepted = this.#accepts(parsed.output);
    if (accepted) {
      this.#greeted = true;
      // After the answer, which is written first.
      setImmediate(() => this.#tell());
    }
    return { accepted, version: this.options.version };
  }

  #accepts({ protocol, version }: Hello): boolean {
    return protocol === protocolVersion && version === this.options.version;
  }

  #tell(): void {
    const { rpc, ended } = this.link;
    if (this.#greeted && this.#service && !this.#feed && !this.#retired && !ended.aborted) {
      this.#feed = new ChangeFeed(this.#service, {
        snapshot: (snapshot) => rpc.sendNotification('snapshot', snapshot),
        changes: (changes) => rpc.sendNotification('changes', changes),
      });
    }
  }

  async #answer<M extends Method>(
    method: M,
    input: unknown,
    token: CancellationToken,
  ): Promise<Result<M> | null> {
    const abort = new AbortController();
    if (token.isCancellationRequested) {
      abort.abort();
    }
    token.onCancellationRequested(() => abort.abort());
    this.#underWay.add(abort);
    try {
      if (!this.#greeted || !this.#service) {
        throw new Error('Not before the greeting and the snapshot.');
      }
      const params = checked(method, input);
      const result = await handlers[method](
        this.#service,
        params,
        abort.signal,
        this.#asker,
        this.options.name,
      );
      await this.#whileServing();
      this.#feed?.flush();
      return result ?? null;
    } catch (error) {
      await this.#whileServing();
      this.#feed?.flush();
      throw toWire(error, ResponseError);
    } finally {
      this.#underWay.delete(abort);
    }
  }

  /** Never resolves once retired or ended: there is nobody to answer. */
  #whileServing(): Promise<void> {
    const gone = this.#retired || this.link.ended.aborted;
    return gone ? new Promise(() => undefined) : Promise.resolve();
  }

  #show(view: string, visible: boolean): void {
    if (this.#greeted && this.#service) {
      const name = `${this.options.name}:${view}`;
      if (visible) {
        this.#visible.add(name);
      } else {
        this.#visible.delete(name);
      }
      this.#service.setVisible(name, visible);
    }
  }

  #end(): void {
    this.#feed?.dispose();
    for (const abort of this.#underWay) {
      abort.abort();
    }
    for (const name of this.#visible) {
      this.#service?.setVisible(name, false);
    }
    this.#visible.clear();
    this.#service?.hearReports([], this.options.name);
  }
}

function checked<M extends Method>(method: M, input: unknown): Params<M> {
  const parsed = v.safeParse(requests[method].params, input);
  if (!parsed.success) {
    const { message, path } = parsed.issues[0];
    const where = path?.map(({ key }) => String(key)).join('.') ?? method;
    throw new RemoteOperationsError('InvalidInput', `${where}: ${message}.`);
  }
  return parsed.output;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
