import type { ProcessIdentity } from './operation';

/** A process that has a socket that listens. */
export interface Holder extends Pick<ProcessIdentity, 'pid' | 'startTicks'> {
  parent?: number;
  /** The process that leads its session, and when that was started, while it lives. */
  session?: number;
  sessionTicks?: string;
  /** The id of an operation that it bears in its environment. */
  operation?: string;
  name: string;
  command: string;
}

/** A socket that listens on a port of a host, with one of the processes that have it. */
export interface Listener {
  /** Missing where it is none that is understood. */
  address?: string;
  port: number;
  /** Of the process; where none can be seen, of the socket; missing where not even that is told. */
  uid?: number;
  user: string;
  /** Missing where the host does not let us see it: it is another user's. */
  holder?: Holder;
}

/** What a host told of its ports in one look. */
export interface PortLook {
  machineId: string;
  bootId: string;
  /** Of the user that we are there. */
  uid: number;
  listeners: Listener[];
  /** All ports on which anybody listens, also those that were not asked about. */
  taken: number[];
}
