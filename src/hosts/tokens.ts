import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';

/** A directive that uses a token or a variable for which there is no value. */
export class UnknownToken extends Error {}

/** What the tokens of ssh_config(5), TOKENS, stand for. */
export type Tokens = Readonly<Record<string, string>>;

/** Replaces `%x`; `%%` is a percent sign. */
export function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%(.?)/g, (whole, token: string) => {
    const value = token === '%' ? '%' : Object.hasOwn(tokens, token) ? tokens[token] : undefined;
    if (value === undefined) {
      throw new UnknownToken(l10n.t('"{0}" in "{1}", which is not supported there', whole, text));
    }
    return value;
  });
}

/** Replaces `${NAME}` by what the environment says. */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) {
      throw new UnknownToken(
        l10n.t('the environment variable {0}, which is not set. Set it or write the value', name),
      );
    }
    return value;
  });
}

export interface TokenFacts {
  alias: string;
  hostName: string;
  hostKeyAlias: string | undefined;
  port: number;
  user: string;
  /** As ProxyJump has it; empty without one. */
  jump: string;
  localHost: string;
  localUser: string;
  localUserId: number;
  home: string;
}

/** Those that lead the way: ProxyJump and ProxyCommand. */
export const routeTokens = ({ alias, hostName, port, user }: TokenFacts): Tokens => ({
  h: hostName,
  n: alias,
  p: String(port),
  r: user,
});

/** Those that paths and the agent's socket may hold. */
export const pathTokens = (facts: TokenFacts): Tokens => ({
  ...routeTokens(facts),
  C: createHash('sha1')
    .update(facts.localHost + facts.hostName + String(facts.port) + facts.user + facts.jump)
    .digest('hex'),
  d: facts.home,
  i: String(facts.localUserId),
  j: facts.jump,
  k: facts.hostKeyAlias ?? facts.alias,
  l: facts.localHost,
  L: facts.localHost.replace(/\..*/, ''),
  u: facts.localUser,
});
