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

  for (const directive of ['ProxyJump gateway', 'ProxyCommand ssh -W %h:%p gateway']) {
    it(`refuses a host with ${directive}, instead of connecting around it`, async () => {
      const [name = ''] = directive.split(' ');
      await refuses(
        resolve(`Host dgx\n ${directive}\n`, { name: 'DGX' }),
        new RegExp(`DGX.*${name}.*not supported`),
      );
      await resolve(`Host other\n ${directive}\n`);
      await resolve(`${name} none\nHost dgx\n ${directive}\n`);
    });
  }

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
