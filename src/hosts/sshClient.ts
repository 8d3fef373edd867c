import * as l10n from '@vscode/l10n';
import type { Client } from 'ssh2';
import { isRemoteOperationsError, type RemoteOperationsError } from '../operations/errors';
import { offeredAlgorithms } from './algorithms';
import { proveByCertifiedKey } from './certifiedExchange';
import { Deadline, Stop } from './deadline';
import { printable } from './destination';
import { explainHandshake } from './handshakeErrors';
import { parseHostCertificate } from './hostCertificate';
import {
  cancelled,
  closedBeforeLogin,
  connectTimedOut,
  connectionFailed,
  type HostLabel,
} from './hostErrors';
import { SecretWanted, type Login } from './login';
import { LoginAttempt } from './loginAttempt';
import { ServerOffer, type Offer } from './serverOffer';
import type { ResolvedHost } from './sshConfig';
import type { Ssh2 } from './ssh2';
import type { Transport } from './transport';

export interface OpenRequest {
  label: HostLabel;
  host: ResolvedHost;
  login: Login;
  /** Makes the way to the host. Rejects with `Unreachable`, or the signal's reason. */
  reach(signal: AbortSignal): Promise<Transport>;
  /** Asked with the host's key before anything is sent under it, and at each renewal of the session keys. */
  isTrusted(hostKey: Buffer): boolean;
  /** Key types on record for the host: asked for first. */
  preferredKeyTypes: readonly string[];
  signal: AbortSignal;
}

/** A connection that is logged in. */
export interface OpenClient {
  readonly client: Client;
  /** The network address that was connected, where that is known. */
  readonly remoteAddress: string | undefined;
  readonly alive: boolean;
  onClose(listener: () => void): void;
  close(): void;
}

/** The host's key is not trusted (yet): nothing was sent. */
export class UntrustedHostKey extends Error {
  constructor(
    readonly hostKey: Buffer,
    readonly remoteAddress: string | undefined,
  ) {
    super('The host key is not trusted.');
  }
}

const defaultConnectSeconds = 15;
const defaultKeepaliveSeconds = 10;
const defaultKeepaliveMisses = 3;

type Phase = 'reaching' | 'handshake' | 'login';

/**
 * Connects and logs in. Rejects with `Unreachable`, `NeedsLogin`, `Cancelled`, or with an `UntrustedHostKey` or
 * a `SecretWanted` for the caller to see to before it connects anew.
 */
export async function openClient(ssh2: Ssh2, request: OpenRequest): Promise<OpenClient> {
  const { host, label } = request;
  const limitMs = (host.connectTimeoutSeconds ?? defaultConnectSeconds) * 1000;
  const deadline = new Deadline(limitMs, request.signal);
  const client = new ssh2.Client();
  const over = new AbortController();
  let attempt: LoginAttempt | undefined;
  let phase: Phase = 'reaching';
  let distrusted: Buffer | undefined;
  let transport: Transport | undefined;
  const server = new ServerOffer();
  const explain = (error: unknown): RemoteOperationsError => {
    // A program may run without having reached anything.
    const reached = phase === 'login' || (phase === 'handshake' && !transport?.failure);
    if (error instanceof Stop) {
      return error.why === 'aborted' ? cancelled(label) : connectTimedOut(label, limitMs, reached);
    }
    const ofTransport = phase === 'handshake' ? transport?.failure?.() : undefined;
    return ofTransport ?? explainFailure(error, phase, request, attempt, server.offer);
  };
  try {
    const way = await request.reach(deadline.signal).catch((error: unknown) => {
      throw explain(error);
    });
    transport = way;
    phase = 'handshake';
    return await new Promise<OpenClient>((resolve, reject) => {
      const fail = (error: unknown) => {
        // What happens to the connection later says nothing about the login.
        if (!over.signal.aborted) {
          reject(distrusted ? new UntrustedHostKey(distrusted, way.remoteAddress) : explain(error));
        }
      };
      const abandon = (reason: unknown) =>
        reject(reason instanceof SecretWanted || isRemoteOperationsError(reason) ? reason : explain(reason));
      attempt = new LoginAttempt(request.login, {
        hold: (work) => deadline.hold(work),
        abandon,
        signal: over.signal,
      });
      deadline.signal.addEventListener('abort', () => fail(deadline.signal.reason), { once: true });
      client
        .on('handshake', () => (phase = 'login'))
        .on('ready', () => resolve(adopt(client, way)))
        .on('close', () => fail(closedBeforeLogin(label)))
        .on('error', (error) => {
          // ssh2 reports each key that an agent could not sign with, and goes on to the next.
          if (phase === 'login' && !attempt?.exhausted && isAboutOneKey(error)) {
            noteKeyProblem(request.login, error);
          } else {
            fail(error);
          }
        })
        .on('change password', () => abandon(request.login.passwordExpired()));
      if (deadline.signal.aborted) {
        fail(deadline.signal.reason);
        return;
      }
      client.connect({
        sock: way.stream,
        username: host.user,
        authHandler: attempt.handler,
        readyTimeout: 0,
        keepaliveInterval: (host.serverAliveIntervalSeconds ?? defaultKeepaliveSeconds) * 1000,
        keepaliveCountMax: host.serverAliveCountMax ?? defaultKeepaliveMisses,
        algorithms: offeredAlgorithms(host.algorithms, request.preferredKeyTypes),
        hostVerifier: (key: Buffer) => {
          const trusted = request.isTrusted(key);
          distrusted = trusted ? undefined : key;
          const certificate = trusted ? parseHostCertificate(key) : undefined;
          if (certificate) {
            proveByCertifiedKey(client, certificate.hostKey);
          }
          return trusted;
        },
      });
      readAlong(way, server);
    });
  } catch (error) {
    transport?.destroy();
    throw error;
  } finally {
    over.abort();
    deadline.clear();
  }
}

/** Beside ssh2, which has paused the stream and reads from it next. */
function readAlong({ stream }: Transport, server: ServerOffer): void {
  const onData = (chunk: Buffer) => {
    if (!server.take(chunk)) {
      stream.off('data', onData);
    }
  };
  stream.on('data', onData);
}

function adopt(client: Client, transport: Transport): OpenClient {
  let alive = true;
  client.once('close', () => (alive = false));
  return {
    client,
    remoteAddress: transport.remoteAddress,
    get alive() {
      return alive;
    },
    onClose: (listener) => void client.once('close', listener),
    close: () => {
      alive = false;
      client.end();
      transport.close();
    },
  };
}

const levelOf = (error: unknown): unknown =>
  error instanceof Error && 'level' in error ? error.level : undefined;

const isAboutOneKey = (error: unknown): boolean =>
  ['agent', 'client-authentication'].includes(String(levelOf(error)));

/** A key that needs its passphrase is no problem of the agent's. */
function noteKeyProblem(login: Login, error: Error): void {
  if (levelOf(error) === 'agent') {
    login.noteProblem(l10n.t('The SSH agent failed ({0})', printable(error.message)));
  }
}

function explainFailure(
  error: unknown,
  phase: Phase,
  { label, login }: OpenRequest,
  attempt: LoginAttempt | undefined,
  offer: Offer | undefined,
): RemoteOperationsError {
  if (attempt?.isAsking) {
    return login.brokenOff();
  }
  attempt?.noteEnd();
  if (isRemoteOperationsError(error)) {
    return error;
  }
  if (error instanceof Error && error.message === 'Connection lost before handshake') {
    return closedBeforeLogin(label);
  }
  // A number is the reason of an SSH disconnect message: the host ended the login in its own words.
  const reason =
    error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.message : undefined;
  if (phase === 'login' && (attempt?.exhausted || reason !== undefined)) {
    return login.failed(reason);
  }
  const ofSocket = phase === 'reaching' || levelOf(error) === 'client-socket';
  return ofSocket ? connectionFailed(label, error) : explainHandshake(label, error, offer);
}
