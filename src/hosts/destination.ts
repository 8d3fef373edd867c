import * as l10n from '@vscode/l10n';
import { RemoteOperationsError } from '../operations/errors';

export interface Destination {
  host: string;
  user?: string;
  port?: number;
}

const invalid = (text: string, why: string): RemoteOperationsError =>
  new RemoteOperationsError(
    'InvalidInput',
    l10n.t(
      '"{0}" is not a destination: {1}. Write it as host, user@host or user@host:port.',
      printable(text),
      why,
    ),
  );

/** Reads what a user types for a host: `host`, `user@host:port`, `[::1]:22`, `ssh://user@host:port`. */
export function parseDestination(text: string): Destination {
  const bare = text.trim().replace(/^ssh:\/\/([^/]*)\/?$/, '$1');
  const at = bare.lastIndexOf('@');
  const user = at >= 0 ? bare.slice(0, at) : undefined;
  if (user !== undefined && !isUserName(user)) {
    throw invalid(text, l10n.t('the user name before "@" is not valid'));
  }
  const { host, port } = splitPort(bare.slice(at + 1), text);
  if (!isHostName(host)) {
    throw invalid(
      text,
      host === '' ? l10n.t('the host is missing') : l10n.t('"{0}" is not a host name', printable(host)),
    );
  }
  return {
    host,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: readPort(port, text) }),
  };
}

function splitPort(address: string, text: string): { host: string; port?: string } {
  if (address.startsWith('[')) {
    const match = /^\[([^[\]]*)\](?::(.*))?$/.exec(address);
    if (!match) {
      throw invalid(text, l10n.t('the brackets around the address are not closed'));
    }
    return { host: match[1] ?? '', ...(match[2] !== undefined && { port: match[2] }) };
  }
  const [host = '', port, ...rest] = address.split(':');
  if (rest.length > 0) {
    return { host: address };
  }
  return { host, ...(port !== undefined && { port }) };
}

function readPort(port: string, text: string): number {
  const number = parsePort(port);
  if (number === undefined) {
    throw invalid(text, l10n.t('the port "{0}" is not a number from 1 to 65535', printable(port)));
  }
  return number;
}

export function parsePort(text: string): number | undefined {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return number >= 1 && number <= 65_535 ? number : undefined;
}

/** A DNS name, an alias, an IPv4 or IPv6 address, with or without a zone. */
export const isHostName = (text: string): boolean =>
  /^[\p{L}\p{N}_][\p{L}\p{N}_.:%-]{0,254}$|^::[\w.:%-]*$/u.test(text);

export const isUserName = (text: string): boolean =>
  /^[^\s\p{C}]{1,255}$/u.test(text) && !text.startsWith('-');

/** `host:port`, with brackets around an IPv6 address. */
export const formatAddress = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Text of foreign origin, fit to stand in a message: one line, no control characters, not long. */
export const printable = (text: string): string => {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};
