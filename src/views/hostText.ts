import * as vscode from 'vscode';
import { isAway } from '../operations/hostState';
import type { HostView } from '../operations/operationView';
import { timeText } from './operationText';

/** What stands beside a host's name: nothing that ticks, so that a row is drawn again only at news. */
export function hostDescription(host: HostView): string {
  const { t } = vscode.l10n;
  const { state, roundTripMs, error, lastContactAt } = host;
  switch (state) {
    case 'disconnected':
      return t('disconnected');
    case 'idle':
      return lastContactAt === undefined ? t('not connected yet') : t('not connected');
    case 'connecting':
      return t('connecting');
    case 'connected':
      if (error !== undefined) {
        return joined(t('connected, but its answers cannot be used'), nextTry(host));
      }
      return joined(t('connected'), roundTripMs === undefined ? undefined : t('{0} ms', roundTripMs));
    case 'unreachable':
      return joined(unreachable(host), nextTry(host));
    case 'needs-login':
      return t('needs a login');
    case 'blocked':
      return isKeyTrouble(host) ? t('blocked: key not trusted') : t('blocked: cannot be used as configured');
  }
}

/** "2 connected", with those that need attention first. */
export function hostsDescription(hosts: readonly HostView[]): string {
  const { t } = vscode.l10n;
  const away = hosts.filter(({ state }) => isAway(state)).length;
  const connected = hosts.filter(({ state }) => state === 'connected').length;
  return joined(
    away > 0 ? t('{0} away', away) : undefined,
    connected > 0 ? t('{0} connected', connected) : undefined,
  );
}

const mostNamed = 3;

/**
 * The line above the rows, for hosts on which something waits. Short, for a narrow side bar: since when, and
 * why, is in each host's row and tooltip.
 */
export function awayText(hosts: readonly HostView[]): string | undefined {
  const [only] = hosts;
  if (only === undefined || hosts.length === 1) {
    return only && oneAwayText(only);
  }
  const names = hosts.slice(0, mostNamed).map(({ name }) => name);
  return vscode.l10n.t(
    '{0} hosts are away: {1}. What ran there keeps its status until they answer.',
    hosts.length,
    (hosts.length > mostNamed ? [...names, '...'] : names).join(', '),
  );
}

function oneAwayText(host: HostView): string {
  const { t } = vscode.l10n;
  const { name, state } = host;
  switch (state) {
    case 'needs-login':
      return t('{0} needs a login. Use "Log In" under Hosts.', name);
    case 'blocked':
      return isKeyTrouble(host)
        ? t('{0} is blocked: its key is not trusted. Use "Retry Now" under Hosts for details.', name)
        : t('{0} is blocked: it cannot be used as configured. See under Hosts.', name);
    default: {
      const since = timeText(sinceOf(host));
      const next = nextTry(host);
      const away = next
        ? t('{0} cannot be reached since {1}; {2}.', name, since, next)
        : t('{0} cannot be reached since {1}.', name, since);
      return `${away} ${t('What ran there keeps its status until it answers.')}`;
    }
  }
}

const unreachable = (host: HostView): string =>
  vscode.l10n.t('unreachable since {0}', timeText(sinceOf(host)));

/** Within the first minute a time would say nothing that is not said already. */
function nextTry(host: HostView): string | undefined {
  if (host.nextTryAt === undefined) {
    return undefined;
  }
  const at = timeText(host.nextTryAt);
  return at === timeText(sinceOf(host)) ? vscode.l10n.t('trying again') : vscode.l10n.t('next try {0}', at);
}

const sinceOf = ({ unreachableSince }: HostView): string => unreachableSince ?? new Date().toISOString();

const isKeyTrouble = ({ errorCode }: HostView): boolean =>
  errorCode === 'HostKeyChanged' || errorCode === 'HostKeyRejected';

const joined = (...parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(' · ');
