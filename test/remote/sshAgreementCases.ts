// SSH configs, and how an attempt to connect the alias `dgx` with each is to end.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Sshd } from '../testbed/sshd';
import type { Outcome } from './sshOutcomes';

export interface Place {
  /** The host that the alias `dgx` leads to. */
  target: Sshd;
  gate: Sshd;
  middle: Sshd;
  /** A key that nobody accepts. */
  wrongKey: string;
  /** Keys for tokens and variables. */
  folder: string;
  /** Has a key for the target, and others. */
  agentSocket: string;
  /** A port that accepts and never answers, and one at which nobody listens. */
  silentPort: number;
  closedPort: number;
}

export interface Case {
  title: string;
  outcome: Outcome;
  /** The config file, before what is common to all. */
  config: (place: Place) => string[];
  /** Default: the first keys of all three. */
  knownHosts?: (place: Place) => string;
  withAgent?: true;
  /** Only `ssh` can judge it. */
  needsSsh?: true;
}

const at = ({ host, port, user }: Sshd) => [`HostName ${host}`, `Port ${port}`, `User ${user}`];
const withKey = (sshd: Sshd) => [...at(sshd), `IdentityFile ${sshd.identityFile}`];
const dgx = (place: Place, ...more: string[]) => ['Host dgx', ...more, ...withKey(place.target)];
const gate = (place: Place, ...more: string[]) => ['Host gate', ...more, ...withKey(place.gate)];
const middle = (place: Place, ...more: string[]) => ['Host middle', ...more, ...withKey(place.middle)];
const chain = (place: Place) => [...dgx(place, 'ProxyJump gate,middle'), ...gate(place), ...middle(place)];

const publicKey = (sshd: Sshd, name = 'host_ed25519') =>
  readFileSync(path.join(sshd.folder, `${name}.pub`), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ');
const placeOf = ({ host, port }: Sshd) => `[${host}]:${port}`;
const record = (sshd: Sshd, key = sshd) => `${placeOf(sshd)} ${publicKey(key)}\n`;
export const records = ({ target, gate, middle }: Place) =>
  [target, gate, middle].map((sshd) => record(sshd)).join('');

export const cases: Case[] = [
  { title: 'a plain alias', outcome: 'works', config: (place) => dgx(place) },
  {
    title: 'an alias in an included file',
    outcome: 'works',
    config: (place) => {
      writeFileSync(path.join(place.folder, 'included.conf'), dgx(place).join('\n'));
      return [`Include ${place.folder}/incl*.conf`];
    },
  },
  {
    title: 'wildcards that add up',
    outcome: 'works',
    config: ({ target }) => [
      'Host d?x',
      `Port ${target.port}`,
      `User ${target.user}`,
      'Host *',
      'HostName 127.0.0.1',
      'Port 1',
      `IdentityFile ${target.identityFile}`,
    ],
  },
  {
    title: 'a section that a negation keeps off',
    outcome: 'works',
    config: (place) => ['Host d* !dgx', 'HostName 127.0.0.9', 'Port 1', ...dgx(place)],
  },
  {
    title: 'several identity files, the last one right',
    outcome: 'works',
    config: (place) => dgx(place, `IdentityFile ${place.wrongKey}`, 'IdentityFile /nowhere/key'),
  },
  {
    title: 'a wrong identity file',
    outcome: 'login refused',
    config: ({ target, wrongKey }) => ['Host dgx', ...at(target), `IdentityFile ${wrongKey}`],
  },
  {
    title: 'a key that only the agent has',
    outcome: 'works',
    withAgent: true,
    config: ({ target, wrongKey }) => ['Host dgx', ...at(target), `IdentityFile ${wrongKey}`],
  },
  {
    title: 'IdentitiesOnly with another key than those of the agent',
    outcome: 'login refused',
    withAgent: true,
    config: ({ target, wrongKey }) => [
      'Host dgx',
      'IdentitiesOnly yes',
      ...at(target),
      `IdentityFile ${wrongKey}`,
    ],
  },
  {
    title: 'IdentitiesOnly with the public part of a key of the agent',
    outcome: 'works',
    withAgent: true,
    config: ({ target, folder }) => [
      'Host dgx',
      'IdentitiesOnly yes',
      ...at(target),
      `IdentityFile ${folder}/public_only`,
    ],
  },
  {
    title: 'IdentityAgent none beside an agent that could',
    outcome: 'login refused',
    withAgent: true,
    config: ({ target, wrongKey }) => [
      'Host dgx',
      'IdentityAgent none',
      ...at(target),
      `IdentityFile ${wrongKey}`,
    ],
  },
  {
    title: 'IdentityAgent by its socket',
    outcome: 'works',
    config: ({ target, wrongKey, agentSocket }) => [
      'Host dgx',
      `IdentityAgent ${agentSocket}`,
      ...at(target),
      `IdentityFile ${wrongKey}`,
    ],
  },
  { title: 'a chain of two jumps', outcome: 'works', config: chain },
  {
    title: 'jumps that have jumps themselves',
    outcome: 'works',
    config: (place) => [
      ...dgx(place, 'ProxyJump middle'),
      ...middle(place, 'ProxyJump gate'),
      ...gate(place),
    ],
  },
  {
    title: 'a jump with user and port, its key in a section of its address',
    outcome: 'works',
    config: (place) => [
      ...dgx(place, `ProxyJump ${place.gate.user}@127.0.0.1:${place.gate.port}`),
      'Host 127.0.0.1',
      `IdentityFile ${place.gate.identityFile}`,
    ],
  },
  {
    title: 'a jump that refuses the login',
    outcome: 'login refused',
    config: (place) => [
      ...dgx(place, 'ProxyJump gate'),
      'Host gate',
      ...at(place.gate),
      `IdentityFile ${place.wrongKey}`,
    ],
  },
  {
    title: 'a jump that is down',
    outcome: 'unreachable',
    config: (place) => [...dgx(place, 'ProxyJump gate'), ...gate(place, `Port ${place.closedPort}`)],
  },
  {
    title: 'ProxyJump none before another',
    outcome: 'works',
    config: (place) => ['Host dgx', 'ProxyJump none', 'Host *', 'ProxyJump nowhere', ...dgx(place)],
  },
  {
    title: 'a ProxyCommand of ssh -W',
    outcome: 'works',
    config: (place) => [
      ...dgx(place, `ProxyCommand ssh -F ${place.folder}/config -W '%h:%p' gate`),
      ...gate(place),
    ],
  },
  {
    title: 'a ProxyCommand of nc',
    outcome: 'works',
    config: (place) => dgx(place, 'ProxyCommand nc %h %p'),
  },
  {
    title: 'a ProxyCommand that fails',
    outcome: 'unreachable',
    config: (place) => dgx(place, 'ProxyCommand echo no >&2; exit 1'),
  },
  {
    title: 'ProxyCommand none before ProxyJump',
    outcome: 'works',
    config: (place) => dgx(place, 'ProxyCommand none', 'ProxyJump nowhere'),
  },
  {
    title: 'hashed known_hosts',
    outcome: 'works',
    config: chain,
    knownHosts: (place) => {
      const file = path.join(place.folder, 'hashed');
      writeFileSync(file, records(place));
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'pipe' });
      const text = readFileSync(file, 'utf8');
      assert.match(text, /^\|1\|/);
      return text;
    },
  },
  {
    title: 'a known_hosts without the port',
    outcome: 'works',
    config: (place) => dgx(place),
    knownHosts: ({ target }) => `127.0.0.1 ${publicKey(target)}\n`,
  },
  {
    title: 'a known_hosts pattern that a negation keeps off',
    outcome: 'host key unknown',
    config: (place) => dgx(place),
    knownHosts: ({ target }) => `*,!${placeOf(target)},!127.0.0.1 ${publicKey(target)}\n`,
  },
  {
    title: 'a HostKeyAlias',
    outcome: 'works',
    config: (place) => dgx(place, 'HostKeyAlias farm'),
    knownHosts: ({ target }) => `farm ${publicKey(target)}\n`,
  },
  {
    title: 'a HostKeyAlias that is not known',
    outcome: 'host key unknown',
    config: (place) => dgx(place, 'HostKeyAlias farm'),
  },
  {
    title: 'a changed key',
    outcome: 'host key changed',
    config: (place) => dgx(place),
    knownHosts: ({ target, gate }) => record(target, gate),
  },
  {
    title: 'a changed key with StrictHostKeyChecking accept-new',
    outcome: 'host key changed',
    config: (place) => dgx(place, 'StrictHostKeyChecking accept-new'),
    knownHosts: ({ target, gate }) => record(target, gate),
  },
  {
    title: 'a changed key of the first hop',
    outcome: 'host key changed',
    config: chain,
    knownHosts: ({ target, gate, middle }) => record(target) + record(gate, target) + record(middle),
  },
  {
    title: 'a changed key of a later hop',
    outcome: 'host key changed',
    config: chain,
    knownHosts: ({ target, gate, middle }) => record(target) + record(gate) + record(middle, target),
  },
  {
    title: 'a changed key behind all hops',
    outcome: 'host key changed',
    config: chain,
    knownHosts: ({ target, gate, middle }) => record(target, gate) + record(gate) + record(middle),
  },
  {
    title: 'a revoked key',
    outcome: 'host key revoked',
    config: (place) => dgx(place),
    knownHosts: (place) => `${records(place)}@revoked * ${publicKey(place.target)}\n`,
  },
  {
    title: 'a revoked key of a hop',
    outcome: 'host key revoked',
    config: chain,
    knownHosts: (place) => `${records(place)}@revoked * ${publicKey(place.middle)}\n`,
  },
  {
    title: 'an unknown key',
    outcome: 'host key unknown',
    config: (place) => dgx(place),
    knownHosts: () => '',
  },
  {
    title: 'an unknown key with StrictHostKeyChecking yes',
    outcome: 'host key unknown',
    config: (place) => dgx(place, 'StrictHostKeyChecking yes'),
    knownHosts: () => '',
  },
  {
    title: 'an unknown key with StrictHostKeyChecking accept-new',
    outcome: 'works',
    config: (place) => dgx(place, 'StrictHostKeyChecking accept-new'),
    knownHosts: () => '',
  },
  {
    title: 'an unknown key with StrictHostKeyChecking no',
    outcome: 'works',
    config: (place) => dgx(place, 'StrictHostKeyChecking no'),
    knownHosts: () => '',
  },
  {
    title: 'a key in the second of several known_hosts files',
    outcome: 'works',
    config: (place) => {
      writeFileSync(path.join(place.folder, 'second'), record(place.target));
      return dgx(place, `UserKnownHostsFile ${place.folder}/none "${place.folder}/second"`);
    },
    knownHosts: () => '',
  },
  {
    title: 'a key in the global known_hosts file',
    outcome: 'works',
    config: (place) => {
      writeFileSync(path.join(place.folder, 'global'), record(place.target));
      return dgx(place, `GlobalKnownHostsFile ${place.folder}/global`);
    },
    knownHosts: () => '',
  },
  {
    title: 'a port at which nobody listens',
    outcome: 'unreachable',
    config: (place) => dgx(place, `Port ${place.closedPort}`),
  },
  {
    title: 'ConnectTimeout to a host that never answers',
    outcome: 'unreachable',
    config: (place) => dgx(place, 'ConnectTimeout 1', `Port ${place.silentPort}`),
  },
  {
    title: 'Match host and exec that apply',
    outcome: 'works',
    needsSsh: true,
    config: ({ target }) => [
      'Match originalhost dgx exec "true"',
      ...at(target),
      'Match host 127.0.0.1',
      `IdentityFile ${target.identityFile}`,
    ],
  },
  {
    title: 'Match exec that does not apply',
    outcome: 'works',
    needsSsh: true,
    config: (place) => ['Match exec "false"', 'Port 1', ...dgx(place)],
  },
  {
    title: 'tokens and variables in IdentityFile',
    outcome: 'works',
    config: ({ target }) => ['Host dgx', ...at(target), 'IdentityFile ${KEYS}/%n-%h-%p-%r-100%%'],
  },
  {
    title: 'a token that is not one',
    outcome: 'config error',
    config: (place) => dgx(place, 'IdentityFile /keys/%Z'),
  },
  {
    title: 'a directive that is none',
    outcome: 'config error',
    needsSsh: true,
    config: (place) => ['Hostt x', ...dgx(place)],
  },
  {
    title: 'a port that is none',
    outcome: 'config error',
    config: (place) => dgx(place, 'Port 99999'),
  },
];
