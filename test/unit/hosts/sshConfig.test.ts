import assert from 'node:assert/strict';
import path from 'node:path';
import type { HostConfig } from '../../../src/hosts/machine';
import { listAliases, resolveHost, type ResolveOptions } from '../../../src/hosts/sshConfig';
import { isRemoteOperationsError } from '../../../src/operations/errors';

type Files = Record<string, string>;

/** A file system in memory: path to text. */
const options = (files: Files, more: Partial<ResolveOptions> = {}): ResolveOptions => ({
  home: '/home/me',
  user: 'me',
  env: {},
  readFile: (file) => Promise.resolve(files[file]),
  readDirectory: (folder) =>
    Promise.resolve(
      Object.keys(files)
        .filter((file) => path.dirname(file) === path.normalize(folder).replace(/\/$/, ''))
        .map((file) => path.basename(file)),
    ),
  ...more,
});

const userConfig = '/home/me/.ssh/config';
const resolve = (text: string, host: Partial<HostConfig> = {}, more: Partial<ResolveOptions> = {}) =>
  resolveHost({ id: 'h', host: 'dgx', ...host }, options({ [userConfig]: text }, more));
const refuses = (work: Promise<unknown>, pattern: RegExp) =>
  assert.rejects(
    work,
    (error) => isRemoteOperationsError(error, 'InvalidInput') && pattern.test(error.message),
  );

describe('SSH config: aliases', () => {
  const aliases = (files: Files) => listAliases(options(files));

  it('are the hosts named without wildcard or negation, each once', async () => {
    const text = 'Host dgx-1 dgx-2 *.lab !x\n  User a\nHost dgx-1\nhost=lower\nHost *\n';
    assert.deepEqual(await aliases({ [userConfig]: text }), ['dgx-1', 'dgx-2', 'lower']);
  });

  it('are found in included files, with wildcards relative to ~/.ssh', async () => {
    const files = {
      [userConfig]: 'Include config.d/*.conf ~/more\nHost last\n',
      '/home/me/.ssh/config.d/b.conf': 'Host b\n',
      '/home/me/.ssh/config.d/a.conf': 'Host a\n',
      '/home/me/.ssh/config.d/.hidden.conf': 'Host hidden\n',
      '/home/me/more': 'Host more\n',
    };
    assert.deepEqual(await aliases(files), ['a', 'b', 'more', 'last']);
  });

  it('survive files that include each other', async () => {
    const files = {
      [userConfig]: 'Include other\nHost a\n',
      '/home/me/.ssh/other': 'Include config\nHost b\n',
    };
    assert.deepEqual(await aliases(files), ['b', 'a']);
  });

  it('end with an error where files include more files without end', async () => {
    const deep: Files = { [userConfig]: 'Include f0\n' };
    for (let index = 0; index < 30; index++) {
      deep[`/home/me/.ssh/f${index}`] = `Include f${index + 1}\n`;
    }
    await refuses(aliases(deep), /too many files/);
  });

  it('are none without a config file', async () => {
    assert.deepEqual(await aliases({}), []);
  });

  it('cannot be listed from a malformed file, and the error names it', async () => {
    await refuses(aliases({ [userConfig]: 'Host "a\n' }), /\/home\/me\/\.ssh\/config cannot be read/);
  });
});

describe('SSH config: resolving a host', () => {
  it('has the defaults of ssh for a host that no file names', async () => {
    const host = await resolve('', {}, { env: { SSH_AUTH_SOCK: '/run/agent' } });
    assert.deepEqual(host, {
      alias: 'dgx',
      hostName: 'dgx',
      user: 'me',
      port: 22,
      identityFiles: ['/home/me/.ssh/id_ed25519', '/home/me/.ssh/id_ecdsa', '/home/me/.ssh/id_rsa'],
      identityFilesAreDefaults: true,
      identitiesOnly: false,
      identityAgent: '/run/agent',
      algorithms: {},
      userKnownHostsFiles: ['/home/me/.ssh/known_hosts', '/home/me/.ssh/known_hosts2'],
      globalKnownHostsFiles: ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
    });
  });

  it('takes the first value of each directive, and every identity file', async () => {
    const host = await resolve(
      'Host dgx\n HostName 10.0.0.5\n IdentityFile ~/.ssh/a\nHost *\n HostName no\n Port 2222\n User bob\n IdentityFile /keys/%r@%h\n',
    );
    assert.equal(host.hostName, '10.0.0.5');
    assert.equal(host.port, 2222);
    assert.equal(host.user, 'bob');
    assert.deepEqual(host.identityFiles, ['/home/me/.ssh/a', '/keys/bob@10.0.0.5']);
    assert.equal(host.identityFilesAreDefaults, false);
  });

  it('lets the settings of the extension win', async () => {
    const host = await resolve('Host dgx\n User bob\n Port 2222\n IdentityFile ~/b\n', {
      user: 'carol',
      port: 23,
      identityFile: '~/c',
    });
    assert.deepEqual([host.user, host.port, host.identityFiles], ['carol', 23, ['/home/me/c', '/home/me/b']]);
  });

  it('follows patterns, negation, and sections within an included file', async () => {
    const files = {
      [userConfig]: 'Host *.lab !login.lab\n Include lab\nHost *\n User everyone\n',
      '/home/me/.ssh/lab': 'User labuser\nHost gpu*\n Port 2200\n',
    };
    const of = (host: string) => resolveHost({ id: 'h', host }, options(files));
    const [gpu, login] = [await of('gpu.lab'), await of('login.lab')];
    assert.deepEqual([gpu.user, gpu.port], ['labuser', 2200]);
    assert.deepEqual([login.user, login.port], ['everyone', 22]);
    assert.equal((await of('gpu.other')).port, 22);
  });

  it('expands tokens, the home folder and environment variables', async () => {
    const host = await resolve(
      'Host dgx\n HostName %h.example.org\n IdentityFile "%d/keys/%n-%p-%u 100%%"\n IdentityAgent ${RUN}/agent\n UserKnownHostsFile ~/kh1 %d/kh2\n',
      {},
      { env: { RUN: '/run/me' } },
    );
    assert.equal(host.hostName, 'dgx.example.org');
    assert.deepEqual(host.identityFiles, ['/home/me/keys/dgx-22-me 100%']);
    assert.equal(host.identityAgent, '/run/me/agent');
    assert.deepEqual(host.userKnownHostsFiles, ['/home/me/kh1', '/home/me/kh2']);
  });

  it('reads the options that bear on trust, agent and waiting', async () => {
    const host = await resolve(
      'IdentitiesOnly yes\nIdentityAgent none\nHostKeyAlias farm\nStrictHostKeyChecking yes\nConnectTimeout 1m30s\nServerAliveInterval 5\nUserKnownHostsFile none\n',
    );
    assert.equal(host.identitiesOnly, true);
    assert.equal(host.identityAgent, undefined);
    assert.equal(host.hostKeyAlias, 'farm');
    assert.equal(host.strictHostKeyChecking, 'yes');
    assert.equal(host.connectTimeoutSeconds, 90);
    assert.equal(host.serverAliveIntervalSeconds, 5);
    assert.deepEqual(host.userKnownHostsFiles, []);
  });

  it('reads the system file after the user file, and only the given file when one is given', async () => {
    const files = { [userConfig]: 'Port 1\n', '/etc/ssh/ssh_config': 'Port 2\nUser sys\n', '/x': 'Port 3\n' };
    const both = await resolveHost({ id: 'h', host: 'dgx' }, options(files));
    assert.deepEqual([both.port, both.user], [1, 'sys']);
    const given = await resolveHost({ id: 'h', host: 'dgx' }, options(files, { configFile: '/x' }));
    assert.deepEqual([given.port, given.user], [3, 'me']);
    await refuses(
      resolveHost({ id: 'h', host: 'dgx' }, options(files, { configFile: '/y' })),
      /\/y does not exist/,
    );
  });

  it('of ProxyJump and ProxyCommand takes the first, and goes straight where it says none', async () => {
    const wayOf = async (text: string) => {
      const { jumpHost, proxyCommand } = await resolve(`Host dgx\n${text}`);
      return jumpHost?.alias ?? proxyCommand ?? 'straight';
    };
    assert.equal(await wayOf('ProxyJump gate\nProxyCommand nc'), 'gate');
    assert.equal(await wayOf('ProxyCommand nc\nProxyJump gate'), 'nc');
    assert.equal(await wayOf('ProxyCommand none\nProxyJump gate'), 'straight');
    assert.equal(await wayOf('ProxyJump none\nProxyCommand nc'), 'nc');
    assert.equal(await wayOf('ProxyJump none\nProxyJump gate'), 'straight');
  });

  it('keeps a ProxyCommand as it is written for the shell, tokens replaced', async () => {
    const { proxyCommand } = await resolve(
      'Host dgx\n User bob\n Port 7\n HostName a.b\n ProxyCommand ssh "-W%h:%p"  %r@gate \'%n\' 100%%\n',
    );
    assert.equal(proxyCommand, 'ssh "-Wa.b:7"  bob@gate \'dgx\' 100%');
  });

  it('refuses a user or host name that a shell would read as more than a word', async () => {
    for (const user of ['$(reboot)', 'a;b', '`a`', 'a|b', "a'b", 'a\\b']) {
      await refuses(resolve('ProxyCommand nc %r %h\n', { user }), /must not stand in a ProxyCommand/);
      await resolve('ProxyCommand nc %h\n', { user });
    }
  });

  it('resolves each jump by its own section, with user and port that stand with it', async () => {
    const host = await resolve(
      'Host dgx\n ProxyJump a,bob@b:2222\nHost a\n HostName 10.0.0.1\n User carol\nHost b\n User no\n ProxyJump c\n',
    );
    const b = host.jumpHost;
    assert.deepEqual([b?.hostName, b?.user, b?.port], ['b', 'bob', 2222]);
    assert.deepEqual([b?.jumpHost?.hostName, b?.jumpHost?.user], ['10.0.0.1', 'carol']);
    assert.equal(b?.jumpHost?.jumpHost, undefined);
  });

  it('follows the jumps of a jump host that is the first on the way', async () => {
    const host = await resolve('Host dgx\n ProxyJump b\nHost b\n ProxyJump c\nHost c\n ProxyCommand nc %h\n');
    assert.equal(host.jumpHost?.jumpHost?.proxyCommand, 'nc c');
  });

  it('refuses a way without end, and a jump that is no destination', async () => {
    await refuses(resolve('Host *\n ProxyJump gate\n'), /through gate: gate .*through itself/);
    await refuses(resolve('Host dgx\n ProxyJump b\nHost b\n ProxyJump dgx\n'), /through itself/);
    const long = Array.from({ length: 12 }, (_, at) => `Host h${at}\n ProxyJump h${at + 1}\n`).join('');
    await refuses(resolve(`Host dgx\n ProxyJump h0\n${long}`), /more than 8 hosts/);
    await refuses(resolve('ProxyJump -x\n'), /ProxyJump names "-x"/);
    await refuses(resolve('ProxyJump a b\n'), /ProxyJump names/);
  });

  it('refuses a Match that may apply to the host and would change how it is reached', async () => {
    await refuses(resolve('Match exec "true"\n Port 7\n'), /Match/);
    await refuses(resolve('Match all\n User root\n'), /Match/);
    await refuses(resolve('Match final host other\n User root\n'), /Match/);
    await refuses(resolve('Match !host other\n User root\n'), /Match/);
  });

  it('passes over a Match that cannot apply or changes nothing of ours', async () => {
    const host = await resolve(
      'Match host other exec "false"\n Port 7\nMatch originalhost a,b\n Port 8\nMatch !localuser me\n Port 9\nMatch all\n ForwardAgent yes\nMatch user root\n Port 10\n',
    );
    assert.equal(host.port, 22);
  });

  const malformed: [string, RegExp][] = [
    ['Port abc\n', /"abc" is not a port/],
    ['HostName a b\n', /"a b" is not a host name/],
    ['User -x\n', /"-x" is not a user name/],
    ['IdentityFile %Z/key\n', /"%Z"/],
    ['IdentityFile ${MISSING}/key\n', /MISSING, which is not set/],
  ];
  for (const [text, pattern] of malformed) {
    it(`refuses ${text.trim()} and names the host`, async () => {
      await refuses(resolve(text, { name: 'DGX' }), pattern);
      await refuses(resolve(text, { name: 'DGX' }), /^DGX cannot be connected/);
    });
  }
});

describe('SSH config: asking ssh', () => {
  const answer = 'host dgx\nuser bob\nhostname 10.0.0.5\nport 2222\n';
  const asking = (text: string, host: Partial<HostConfig> = {}, more: Partial<ResolveOptions> = {}) => {
    const asked: (readonly string[])[] = [];
    const askSsh = (args: readonly string[]) => {
      asked.push(args);
      return Promise.resolve(text);
    };
    return { asked, resolved: resolve('Port 1\n', host, { askSsh, ...more }) };
  };

  it('takes its answer in place of the files', async () => {
    const { user, hostName, port } = await asking(answer).resolved;
    assert.deepEqual([user, hostName, port], ['bob', '10.0.0.5', 2222]);
  });

  it('hands on what the settings say, and the alias where no option can be', async () => {
    const { asked, resolved } = asking(answer, { user: 'u', port: 5 }, { configFile: '~/c' });
    await resolved;
    assert.deepEqual(asked, [['-T', '-G', '-F', '/home/me/c', '-l', 'u', '-p', '5', '--', 'dgx']]);
    const hostile = asking(answer, { host: '-oProxyCommand=x' });
    await refuses(hostile.resolved, /not a host name/);
    assert.deepEqual(hostile.asked, []);
  });

  it('knows the identity files that ssh has by default from those that somebody named', async () => {
    const names = ['rsa', 'ecdsa', 'ecdsa_sk', 'ed25519', 'ed25519_sk'];
    const defaults = names.map((name) => `identityfile ~/.ssh/id_${name}\n`).join('');
    assert.equal((await asking(answer + defaults).resolved).identityFilesAreDefaults, true);
    const named = await asking(`${answer}identityfile ~/.ssh/id_rsa\nidentityfile %d/x y\n`).resolved;
    assert.deepEqual(named.identityFiles, ['/home/me/.ssh/id_rsa', '/home/me/x y']);
  });

  it('finds the ends of paths in a list, blanks in them and all', async () => {
    const lists = 'userknownhostsfile /a b/k ~/c d /e%f\nglobalknownhostsfile none\n';
    const { userKnownHostsFiles, globalKnownHostsFiles } = await asking(answer + lists).resolved;
    assert.deepEqual(userKnownHostsFiles, ['/a b/k', '/home/me/c d', '/e%f']);
    assert.deepEqual(globalKnownHostsFiles, []);
  });

  it('refuses an answer without host name, user and port', async () => {
    for (const text of ['', 'usage: ssh\n', 'hostname x\nuser y\n', 'hostname -x\nuser y\nport 1\n']) {
      await refuses(asking(text).resolved, /without host name, user and port/);
    }
  });
});
