import type { Disposable, Subscribe } from '../emitter';
import type { Machine } from '../hosts/machine';
import type { Asker } from '../hosts/questions';
import type { HostView } from '../operations/operationView';

/** The configured hosts, as the engine needs them. */
export interface Hosts {
  all(): HostView[];
  /** @throws RemoteOperationsError `UnknownHost` */
  machine(hostId: string): Machine;
  /** The name shown to the user; the id for a host that is no longer configured. */
  nameOf(hostId: string): string;
  /** A user wants something of the host: until disposed of, its questions are asked there. */
  permitQuestions(hostId: string, asker: Asker): Disposable;
  /** On the user's word: there is no connection until a user wants something of the host again. */
  disconnect(hostId: string): void;
  /** Closes the connection; the next use makes a new one. */
  renew(hostId: string): void;
  readonly onDidChange: Subscribe<void>;
}
