import * as l10n from '@vscode/l10n';
import { RemoteOperationsError, type ErrorCode } from '../operations/errors';
import { orText } from '../operations/listText';
import { Stop } from './deadline';
import { printable } from './destination';
import type { HostKeyCheck } from './knownHosts';

/** How messages name a host: its name in the settings, and where that leads. */
export interface HostLabel {
  name: string;
  address: string;
}

const failure = (code: ErrorCode, message: string, cause?: unknown): RemoteOperationsError =>
  new RemoteOperationsError(code, message, cause === undefined ? undefined : { cause });

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const detail = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));

/** The TCP connection could not be made, or broke before login was complete. */
export function connectionFailed({ name, address }: HostLabel, error: unknown): RemoteOperationsError {
  const code = systemCode(error);
  const sentence: Record<string, string> = {
    ECONNREFUSED: l10n.t(
      '{0} refused the connection at {1}. Check that sshd runs there, then retry.',
      name,
      address,
    ),
    ECONNRESET: l10n.t(
      '{0} broke off the connection at {1} before login. Check that this is an SSH port and that the host accepts you, then retry.',
      name,
      address,
    ),
    ENOTFOUND: l10n.t(
      'No address was found for {0} ({1}). Check its host name, your network or VPN, then retry.',
      name,
      address,
    ),
    EAI_AGAIN: l10n.t(
      'The address of {0} ({1}) could not be looked up. Check your network or VPN, then retry.',
      name,
      address,
    ),
    ETIMEDOUT: l10n.t(
      '{0} did not answer at {1}. Check your network, VPN or the firewall, then retry.',
      name,
      address,
    ),
    EHOSTUNREACH: l10n.t(
      'There is no route to {0} at {1}. Check your network or VPN, then retry.',
      name,
      address,
    ),
    ENETUNREACH: l10n.t(
      'There is no network that leads to {0} at {1}. Check your network or VPN, then retry.',
      name,
      address,
    ),
  };
  return failure(
    'Unreachable',
    sentence[code] ??
      l10n.t(
        '{0} could not be connected at {1}: {2}. Check the host and its port, then retry.',
        name,
        address,
        detail(error),
      ),
    error,
  );
}

export const connectTimedOut = ({ name, address }: HostLabel, milliseconds: number, duringLogin: boolean) =>
  failure(
    'Unreachable',
    duringLogin
      ? l10n.t(
          '{0} at {1} accepted the connection but did not complete the login within {2}. Check the load of the host, then retry.',
          name,
          address,
          inSeconds(milliseconds),
        )
      : l10n.t(
          '{0} did not answer at {1} within {2}. Check your network, VPN or the firewall, then retry.',
          name,
          address,
          inSeconds(milliseconds),
        ),
  );

export const closedBeforeLogin = ({ name, address }: HostLabel) =>
  failure(
    'Unreachable',
    l10n.t(
      '{0} closed the connection at {1} before login was complete. Check that this is an SSH port and that the host accepts you, then retry.',
      name,
      address,
    ),
  );

export const handshakeFailed = ({ name, address }: HostLabel, error: unknown) =>
  failure(
    'Unreachable',
    l10n.t(
      '{0} at {1} does not speak SSH in a way that works here: {2}. Check the port, and which algorithms its sshd allows.',
      name,
      address,
      detail(error),
    ),
    error,
  );

export const sessionRefused = ({ name }: HostLabel, error: unknown) =>
  failure(
    'Unreachable',
    l10n.t(
      '{0} refuses to open another session: {1}. Check MaxSessions in its sshd_config, then retry.',
      name,
      detail(error),
    ),
    error,
  );

export const notConnected = ({ name }: HostLabel) =>
  failure('Unreachable', l10n.t('The connection to {0} was lost before anything was sent. Retry.', name));

export const connectionGone = ({ name, address }: HostLabel) =>
  failure(
    'Unreachable',
    l10n.t('The connection to {0} at {1} was lost. The next sync connects again.', name, address),
  );

export const tooBusy = ({ name }: HostLabel, milliseconds: number) =>
  failure(
    'Unreachable',
    l10n.t(
      '{0} is still busy with earlier requests after {1}; nothing was sent. Retry.',
      name,
      inSeconds(milliseconds),
    ),
  );

/** What stopped a script that had not been sent yet, in words. */
export function explainStop(label: HostLabel, error: unknown, deadlineMs: number): unknown {
  if (!(error instanceof Stop)) {
    return error;
  }
  return error.why === 'aborted' ? cancelled(label) : tooBusy(label, deadlineMs);
}

export const connectionLost = ({ name }: HostLabel) =>
  failure(
    'NoAnswer',
    l10n.t(
      'The connection to {0} was lost before its answer was complete. What was asked may have been carried out. Sync to find out.',
      name,
    ),
  );

export const conversationEnded = ({ name }: HostLabel, exitCode: number) =>
  failure(
    'NoAnswer',
    l10n.t(
      'The script that answers on {0} ended (exit code {1}) before its answer was complete. Sync to ask again.',
      name,
      exitCode,
    ),
  );

export const noAnswerInTime = ({ name }: HostLabel, milliseconds: number) =>
  failure(
    'NoAnswer',
    l10n.t(
      '{0} did not answer within {1}. What was asked may have been carried out or may still be running there. Sync to find out.',
      name,
      inSeconds(milliseconds),
    ),
  );

export const abandoned = ({ name }: HostLabel) =>
  failure(
    'NoAnswer',
    l10n.t(
      'The request to {0} was abandoned after it had been sent. It may have been carried out or may still be running there. Sync to find out.',
      name,
    ),
  );

export const cancelled = ({ name }: HostLabel) =>
  failure('Cancelled', l10n.t('The request to {0} was cancelled before anything was sent.', name));

export const disconnected = ({ name }: HostLabel) =>
  failure('Unreachable', l10n.t('{0} was disconnected here. Connect it again.', name));

export const noPosixShell = ({ name }: HostLabel, exitCode: number, stderr: string) =>
  failure(
    'BadAnswer',
    l10n.t(
      '{0} did not run /bin/sh (exit code {1}). The host needs a POSIX shell at /bin/sh, and the account must be allowed to run commands.',
      name,
      stderr.trim() ? `${exitCode}: ${printable(stderr)}` : exitCode,
    ),
  );

export const noExitCode = ({ name }: HostLabel, signal: string | undefined) =>
  failure(
    'BadAnswer',
    l10n.t(
      'On {0} the script was ended by {1} before it was done. Sync to find out what it did.',
      name,
      signal ? printable(signal) : l10n.t('something else'),
    ),
  );

export const tooMuchOutput = ({ name }: HostLabel, maxBytes: number) =>
  failure(
    'BadAnswer',
    l10n.t(
      '{0} sent more than {1} bytes where less was due; the rest was not read. Check what its shell start files print.',
      name,
      maxBytes,
    ),
  );

export const commandRefused = ({ name }: HostLabel, error: unknown) =>
  failure(
    'BadAnswer',
    l10n.t(
      '{0} refuses to run commands over SSH: {1}. The account must be allowed to run commands there.',
      name,
      detail(error),
    ),
    error,
  );

/** The host's own word that it offers no SFTP, which the next try will not change. */
export class NoSftp extends RemoteOperationsError {}

export const noSftp = ({ name }: HostLabel, error: unknown) =>
  new NoSftp(
    'BadAnswer',
    l10n.t(
      '{0} does not take files by SFTP: {1}. Add "Subsystem sftp internal-sftp" to its sshd_config, or ask its administrator to. Or copy the files there yourself, and submit without an upload.',
      name,
      detail(error),
    ),
    { cause: error },
  );

export const sftpNotBegun = ({ name }: HostLabel, error: unknown) =>
  failure(
    'BadAnswer',
    l10n.t(
      'SFTP could not be begun on {0}: {1}. Check what its shell start files print, and that the SFTP server is there that its sshd_config names, then retry.',
      name,
      detail(error),
    ),
    error,
  );

/** What was tried to log in, and what stood in the way. */
export interface LoginReport {
  user: string;
  offers: readonly string[];
  problems: readonly string[];
  /** Whether the user was asked for a password or the like. */
  wasAsked: boolean;
  /** The host's own words. */
  reason?: string;
}

export function loginFailed({ name, address }: HostLabel, report: LoginReport): RemoteOperationsError {
  const { user, offers, problems, wasAsked, reason } = report;
  const sentences = [
    l10n.t('{0} at {1} did not accept the login as {2}.', name, address, printable(user)),
    ...(reason === undefined ? [] : [l10n.t('It says: {0}.', printable(reason))]),
    offers.length > 0 ? l10n.t('Offered: {0}.', offers.join(', ')) : l10n.t('There was no key to offer.'),
    ...problems.map((problem) => `${problem}.`),
    wasAsked
      ? l10n.t('Check the user name and what you typed, then connect again.')
      : l10n.t(
          'Set the right identity file for the host, load your key with ssh-add, or add it to ~/.ssh/authorized_keys there, then connect again.',
        ),
  ];
  return failure('NeedsLogin', sentences.join(' '));
}

/** Something that only the user can decide or type, who has not been asked: their next word may do. */
export class NeedsUser extends RemoteOperationsError {}

export const loginUnasked = ({ name }: HostLabel, wanted: string) =>
  new NeedsUser(
    'NeedsLogin',
    l10n.t('{0} needs a login: it asks for {1}. Run "Remote Operations: Connect" to log in.', name, wanted),
  );

export const loginDeclined = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    l10n.t(
      'The login to {0} was not completed, as its question was not answered. Run "Remote Operations: Connect" to log in.',
      name,
    ),
  );

export const loginBrokenOff = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    l10n.t(
      '{0} ended the connection while it waited for your answer. Hosts give little time to log in: connect again and answer sooner, or ask its administrator for a longer LoginGraceTime.',
      name,
    ),
  );

export const endlessQuestions = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    l10n.t(
      '{0} asks more questions to log in than any host should, so the connection was ended. Try "ssh" in a terminal to see what it wants, then connect again.',
      name,
    ),
  );

export const passwordExpired = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    l10n.t(
      '{0} wants a new password before it lets you in. Log in once with "ssh" in a terminal to change it, then connect again.',
      name,
    ),
  );

export const hostKeyUnasked = ({ name, address }: HostLabel, { fingerprint }: HostKeyCheck) =>
  new NeedsUser(
    'HostKeyRejected',
    l10n.t(
      'The key of {0} at {1} ({2}) is not known yet, so nothing was sent. Run "Remote Operations: Connect" to compare and accept it.',
      name,
      address,
      fingerprint,
    ),
  );

export const hostKeyDeclined = ({ name, address }: HostLabel, { fingerprint }: HostKeyCheck) =>
  failure(
    'HostKeyRejected',
    l10n.t(
      "The key of {0} at {1} ({2}) was not accepted, so nothing was sent. Compare it with what the host's administrator says, then connect again.",
      name,
      address,
      fingerprint,
    ),
  );

export const hostKeyNotListed = ({ name, address }: HostLabel, { fingerprint }: HostKeyCheck) =>
  failure(
    'HostKeyRejected',
    l10n.t(
      'The key of {0} at {1} ({2}) is not known, and the SSH config says StrictHostKeyChecking yes. Add it to your known_hosts file, then connect again.',
      name,
      address,
      fingerprint,
    ),
  );

export const hostCertificateRefused = (
  { name, address }: HostLabel,
  { fingerprint }: HostKeyCheck,
  problem: string,
) =>
  failure(
    'HostKeyRejected',
    l10n.t(
      "The certificate of {0} at {1} (for the key {2}) {3}, so nothing was sent. Ask the host's administrator for a new certificate, then connect again.",
      name,
      address,
      fingerprint,
      printable(problem),
    ),
  );

export const hostKeyRevoked = ({ name, address }: HostLabel, { fingerprint, file, line }: HostKeyCheck) =>
  failure(
    'HostKeyChanged',
    l10n.t(
      "{0} at {1} offers the key {2}, which {3}:{4} marks as revoked. Nothing was sent. Ask the host's administrator for its present key.",
      name,
      address,
      fingerprint,
      file ?? '',
      line ?? 0,
    ),
  );

export const hostKeyChanged = (
  { name, address }: HostLabel,
  { fingerprint, expectedFingerprints, file, line }: HostKeyCheck,
) =>
  failure(
    'HostKeyChanged',
    l10n.t(
      'The key of {0} at {1} has changed: expected {2} ({3}:{4}), got {5}. Someone may be intercepting the connection, so nothing was sent. If the host was set up anew, check the new key with its administrator and remove that line, then connect again.',
      name,
      address,
      orText(expectedFingerprints ?? []),
      file ?? '',
      line ?? 0,
      fingerprint,
    ),
  );

function inSeconds(milliseconds: number): string {
  const value = Math.round(milliseconds / 100) / 10;
  return `${value} s`;
}
