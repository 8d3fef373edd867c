import assert from 'node:assert/strict';
import { sshTerminalArguments } from '../../../src/hosts/sshTerminal';

describe('a terminal over ssh', () => {
  const host = { id: 'dgx', host: 'alias' };
  const known =
    'GlobalKnownHostsFile="/etc/ssh/ssh_known_hosts" "/etc/ssh/ssh_known_hosts2" "/own/known hosts"';
  const ownKnownHostsFile = '/own/known hosts';

  it('goes where the host is configured to lead, with the SSH files of the settings', () => {
    const given = { ...host, user: 'me', port: 2222, identityFile: '~/.ssh/key' };
    const files = { configFile: '/a b/config', knownHostsFile: '/a b/known', ownKnownHostsFile };
    const named = ['-F', '/a b/config', '-o', 'UserKnownHostsFile="/a b/known"', '-o', known];
    const place = ['-l', 'me', '-p', '2222', '-i', '~/.ssh/key', '--', 'alias'];
    assert.deepEqual(sshTerminalArguments(given, files, '~').slice(0, -1), ['-t', ...named, ...place]);
  });

  it('leaves the rest to the SSH config, and knows the keys that were accepted here', () => {
    const args = sshTerminalArguments(host, { ownKnownHostsFile }, '~');
    assert.deepEqual(args.slice(0, -1), ['-t', '-o', known, '--', 'alias']);
  });
});
