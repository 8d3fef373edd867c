import { RemoteOperationsError, type ErrorCode } from '../operations/errors';
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
    ECONNREFUSED: `${name} refused the connection at ${address}. Check that sshd runs there, then retry.`,
    ECONNRESET: `${name} broke off the connection at ${address} before login. Check that this is an SSH port and that the host accepts you, then retry.`,
    ENOTFOUND: `No address was found for ${name} (${address}). Check its host name, your network or VPN, then retry.`,
    EAI_AGAIN: `The address of ${name} (${address}) could not be looked up. Check your network or VPN, then retry.`,
    ETIMEDOUT: `${name} did not answer at ${address}. Check your network, VPN or the firewall, then retry.`,
    EHOSTUNREACH: `There is no route to ${name} at ${address}. Check your network or VPN, then retry.`,
    ENETUNREACH: `There is no network that leads to ${name} at ${address}. Check your network or VPN, then retry.`,
  };
  return failure(
    'Unreachable',
    sentence[code] ??
      `${name} could not be connected at ${address}: ${detail(error)}. Check the host and its port, then retry.`,
    error,
  );
}

export const connectTimedOut = ({ name, address }: HostLabel, milliseconds: number, duringLogin: boolean) =>
  failure(
    'Unreachable',
    duringLogin
      ? `${name} at ${address} accepted the connection but did not complete the login within ${inSeconds(milliseconds)}. Check the load of the host, then retry.`
      : `${name} did not answer at ${address} within ${inSeconds(milliseconds)}. Check your network, VPN or the firewall, then retry.`,
  );

export const closedBeforeLogin = ({ name, address }: HostLabel) =>
  failure(
    'Unreachable',
    `${name} closed the connection at ${address} before login was complete. Check that this is an SSH port and that the host accepts you, then retry.`,
  );

export const handshakeFailed = ({ name, address }: HostLabel, error: unknown) =>
  failure(
    'Unreachable',
    `${name} at ${address} does not speak SSH in a way that works here: ${detail(error)}. Check the port, and which algorithms its sshd allows.`,
    error,
  );

export const sessionRefused = ({ name }: HostLabel, error: unknown) =>
  failure(
    'Unreachable',
    `${name} refuses to open another session: ${detail(error)}. Check MaxSessions in its sshd_config, then retry.`,
    error,
  );

export const notConnected = ({ name }: HostLabel) =>
  failure('Unreachable', `The connection to ${name} was lost before anything was sent. Retry.`);

export const connectionGone = ({ name, address }: HostLabel) =>
  failure('Unreachable', `The connection to ${name} at ${address} was lost. The next sync connects again.`);

export const tooBusy = ({ name }: HostLabel, milliseconds: number) =>
  failure(
    'Unreachable',
    `${name} is still busy with earlier requests after ${inSeconds(milliseconds)}; nothing was sent. Retry.`,
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
    `The connection to ${name} was lost before its answer was complete. What was asked may have been carried out. Sync to find out.`,
  );

export const conversationEnded = ({ name }: HostLabel, exitCode: number) =>
  failure(
    'NoAnswer',
    `The script that answers on ${name} ended (exit code ${exitCode}) before its answer was complete. Sync to ask again.`,
  );

export const noAnswerInTime = ({ name }: HostLabel, milliseconds: number) =>
  failure(
    'NoAnswer',
    `${name} did not answer within ${inSeconds(milliseconds)}. What was asked may have been carried out or may still be running there. Sync to find out.`,
  );

export const abandoned = ({ name }: HostLabel) =>
  failure(
    'NoAnswer',
    `The request to ${name} was abandoned after it had been sent. It may have been carried out or may still be running there. Sync to find out.`,
  );

export const cancelled = ({ name }: HostLabel) =>
  failure('Cancelled', `The request to ${name} was cancelled before anything was sent.`);

export const disconnected = ({ name }: HostLabel) =>
  failure('Unreachable', `${name} was disconnected here. Connect it again.`);

export const noPosixShell = ({ name }: HostLabel, exitCode: number, stderr: string) =>
  failure(
    'BadAnswer',
    `${name} did not run /bin/sh (exit code ${exitCode}${stderr.trim() ? `: ${printable(stderr)}` : ''}). ` +
      'The host needs a POSIX shell at /bin/sh, and the account must be allowed to run commands.',
  );

export const noExitCode = ({ name }: HostLabel, signal: string | undefined) =>
  failure(
    'BadAnswer',
    `On ${name} the script was ended by ${signal ? printable(signal) : 'something else'} before it was done. Sync to find out what it did.`,
  );

export const tooMuchOutput = ({ name }: HostLabel, maxBytes: number) =>
  failure(
    'BadAnswer',
    `${name} sent more than ${maxBytes} bytes where less was due; the rest was not read. Check what its shell start files print.`,
  );

export const commandRefused = ({ name }: HostLabel, error: unknown) =>
  failure(
    'BadAnswer',
    `${name} refuses to run commands over SSH: ${detail(error)}. The account must be allowed to run commands there.`,
    error,
  );

export const noSftp = ({ name }: HostLabel, error: unknown) =>
  failure(
    'BadAnswer',
    `${name} does not take files by SFTP: ${detail(error)}. Ask its administrator for "Subsystem sftp" in its sshd_config.`,
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
    `${name} at ${address} did not accept the login as ${printable(user)}.`,
    ...(reason === undefined ? [] : [`It says: ${printable(reason)}.`]),
    offers.length > 0 ? `Offered: ${offers.join(', ')}.` : 'There was no key to offer.',
    ...problems.map((problem) => `${problem}.`),
    wasAsked
      ? 'Check the user name and what you typed, then connect again.'
      : 'Set the right identity file for the host, load your key with ssh-add, or add it to ~/.ssh/authorized_keys there, then connect again.',
  ];
  return failure('NeedsLogin', sentences.join(' '));
}

/** Something that only the user can decide or type, who has not been asked: their next word may do. */
export class NeedsUser extends RemoteOperationsError {}

export const loginUnasked = ({ name }: HostLabel, wanted: string) =>
  new NeedsUser(
    'NeedsLogin',
    `${name} needs a login: it asks for ${wanted}. Run "Remote Operations: Connect" to log in.`,
  );

export const loginDeclined = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    `The login to ${name} was not completed, as its question was not answered. Run "Remote Operations: Connect" to log in.`,
  );

export const loginBrokenOff = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    `${name} ended the connection while it waited for your answer. Hosts give little time to log in: connect again and answer sooner, or ask its administrator for a longer LoginGraceTime.`,
  );

export const endlessQuestions = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    `${name} asks more questions to log in than any host should, so the connection was ended. Try "ssh" in a terminal to see what it wants, then connect again.`,
  );

export const passwordExpired = ({ name }: HostLabel) =>
  failure(
    'NeedsLogin',
    `${name} wants a new password before it lets you in. Log in once with "ssh" in a terminal to change it, then connect again.`,
  );

export const hostKeyUnasked = ({ name, address }: HostLabel, { fingerprint }: HostKeyCheck) =>
  new NeedsUser(
    'HostKeyRejected',
    `The key of ${name} at ${address} (${fingerprint}) is not known yet, so nothing was sent. Run "Remote Operations: Connect" to compare and accept it.`,
  );

export const hostKeyDeclined = ({ name, address }: HostLabel, { fingerprint }: HostKeyCheck) =>
  failure(
    'HostKeyRejected',
    `The key of ${name} at ${address} (${fingerprint}) was not accepted, so nothing was sent. Compare it with what the host's administrator says, then connect again.`,
  );

export const hostKeyNotListed = ({ name, address }: HostLabel, { fingerprint }: HostKeyCheck) =>
  failure(
    'HostKeyRejected',
    `The key of ${name} at ${address} (${fingerprint}) is not known, and the SSH config says StrictHostKeyChecking yes. Add it to your known_hosts file, then connect again.`,
  );

export const hostCertificateRefused = (
  { name, address }: HostLabel,
  { fingerprint }: HostKeyCheck,
  problem: string,
) =>
  failure(
    'HostKeyRejected',
    `The certificate of ${name} at ${address} (for the key ${fingerprint}) ${printable(problem)}, so nothing was sent. Ask the host's administrator for a new certificate, then connect again.`,
  );

export const hostKeyRevoked = ({ name, address }: HostLabel, { fingerprint, file, line }: HostKeyCheck) =>
  failure(
    'HostKeyChanged',
    `${name} at ${address} offers the key ${fingerprint}, which ${file ?? ''}:${line ?? 0} marks as revoked. Nothing was sent. Ask the host's administrator for its present key.`,
  );

export const hostKeyChanged = (
  { name, address }: HostLabel,
  { fingerprint, expectedFingerprints, file, line }: HostKeyCheck,
) =>
  failure(
    'HostKeyChanged',
    `The key of ${name} at ${address} has changed: expected ${(expectedFingerprints ?? []).join(' or ')} (${file ?? ''}:${line ?? 0}), got ${fingerprint}. ` +
      'Someone may be intercepting the connection, so nothing was sent. If the host was set up anew, check the new key with its administrator and remove that line, then connect again.',
  );

function inSeconds(milliseconds: number): string {
  const value = Math.round(milliseconds / 100) / 10;
  return `${value} s`;
}
