import type { SFTPWrapper } from 'ssh2';
import { untilAborted } from './deadline';
import { printable } from './destination';
import {
  connectionLost,
  noAnswerInTime,
  noSftp,
  notConnected,
  sftpNotBegun,
  type HostLabel,
} from './hostErrors';
import { FileRefused, type MachineFiles } from './machineFiles';
import { ChannelRefused, explainExec } from './scriptRun';
import type { OpenClient } from './sshClient';

/** A request that is not answered within this time means that the connection is dead. */
const answerMs = 60_000;

export interface SftpRequest {
  open: OpenClient;
  label: HostLabel;
  signal: AbortSignal;
}

/** The host's files by SFTP, in a channel of its own that stays until `end`. */
export interface SftpChannel {
  files: MachineFiles;
  end(): void;
}

type Settle<T> = (error: Error | undefined, result: T) => void;

export async function openSftp(request: SftpRequest): Promise<SftpChannel> {
  const { open, label, signal } = request;
  const requests = requestsOf(open, label);
  const opening = requests.ask<SFTPWrapper>((settle) => {
    open.client.sftp((error, opened) => settle(error && explainOpening(request, error), opened));
  });
  const sftp = await untilAborted(opening, signal).catch((error: unknown) => {
    opening.then(
      (late) => late.end(),
      () => undefined,
    );
    throw error;
  });
  // Said by the requests themselves.
  sftp.on('error', () => undefined);
  const ask = <T>(act: (settle: Settle<T>) => void): Promise<T> =>
    requests.ask<T>((settle) => act((error, result) => settle(error && explain(error, open, label), result)));
  const files: MachineFiles = {
    open: async (path, { fresh, executable }) => {
      const handle = await ask<Buffer>((settle) =>
        sftp.open(path, fresh ? 'w' : 'r+', executable ? 0o777 : 0o666, (error, opened) =>
          settle(error, opened),
        ),
      );
      return {
        write: (data, position) =>
          ask<void>((settle) =>
            sftp.write(handle, data, 0, data.length, position, (error) => settle(error ?? undefined)),
          ),
        close: () => ask<void>((settle) => sftp.close(handle, (error) => settle(error ?? undefined))),
      };
    },
  };
  return { files, end: () => sftp.end() };
}

const known = new WeakMap<OpenClient, Requests>();

/** One for each connection, however many channels it has had. */
function requestsOf(open: OpenClient, label: HostLabel): Requests {
  const requests = known.get(open) ?? new Requests(open, label);
  known.set(open, requests);
  return requests;
}

/** Requests that end with their connection, which ssh2 may not tell, and that end it when they are overdue. */
class Requests {
  readonly #waiting = new Set<(error: Error) => void>();

  constructor(
    private readonly open: OpenClient,
    private readonly label: HostLabel,
  ) {
    open.onClose(() => this.#waiting.forEach((fail) => fail(connectionLost(label))));
  }

  ask<T>(act: (settle: Settle<T>) => void): Promise<T> {
    const { open, label } = this;
    return new Promise<T>((resolve, reject) => {
      if (!open.alive) {
        reject(notConnected(label));
        return;
      }
      const settle: Settle<T> = (error, result) => {
        clearTimeout(timer);
        this.#waiting.delete(fail);
        if (error) {
          reject(error);
        } else {
          resolve(result);
        }
      };
      const fail = (error: Error) => settle(error, undefined as never);
      const timer = setTimeout(() => {
        fail(noAnswerInTime(label, answerMs));
        open.close();
      }, answerMs);
      this.#waiting.add(fail);
      try {
        act(settle);
      } catch {
        // ssh2 throws where it is not connected any more.
        fail(notConnected(label));
      }
    });
  }
}

function explainOpening({ open, label }: SftpRequest, error: Error): Error {
  const isReached = () => open.alive;
  const explained = explainExec({ label, isReached }, error);
  if (explained instanceof ChannelRefused || !open.alive) {
    return explained;
  }
  return isRefusal(error) ? noSftp(label, error) : sftpNotBegun(label, error);
}

/** The server knows no such subsystem, or has no program for it (a shell's exit code 127). */
const isRefusal = (error: Error): boolean =>
  /^unable to start subsystem/i.test(error.message) || ('code' in error && error.code === 127);

/** A status of the protocol is the host's word; everything else is a connection that broke. */
function explain(error: Error, open: OpenClient, label: HostLabel): Error {
  const isStatus = 'code' in error && typeof error.code === 'number' && open.alive;
  return isStatus ? new FileRefused(printable(error.message), { cause: error }) : connectionLost(label);
}
