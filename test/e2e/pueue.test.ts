import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { startProxiedHost, type ProxiedHost } from '../testbed/proxiedHost';
import { startPueue, type Pueue } from '../testbed/pueue';
import { missingPueues, pueueVersions } from '../testbed/pueueInstall.mjs';
import { OperationForm } from './support/operationForm';
import { Session } from './support/session';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

const [version] = pueueVersions.filter((one) => !missingPueues().includes(one)).slice(-1);

if (version !== undefined) {
  describe('a host with pueue, by hand', function () {
    // Each step begins where the one before ended.
    stepByStep(this, () => [window]);

    let pueue: Pueue;
    let host: ProxiedHost;
    let session: Session;
    let window: Workbench;

    before(async () => {
      pueue = await startPueue(version);
      await pueue.run('pause', '--group', 'narrow');
      host = await startProxiedHost({ variables: pueue.env });
      // Where cargo puts it, which is seldom on the PATH of sessions without a terminal.
      const bin = path.join(host.sshd.home, '.cargo', 'bin');
      await mkdir(bin, { recursive: true });
      await symlink(path.join(pueue.bin, 'pueue'), path.join(bin, 'pueue'));
      session = await Session.start({
        settings: {
          'remoteOps.hosts': [{ id: 'box', name: 'Box', host: 'testhost' }],
          'remoteOps.ssh.configFile': host.sshConfigFile,
          'remoteOps.ssh.knownHostsFile': host.knownHostsFile,
        },
      });
      window = await session.openWindow();
      await window.openContainer('Remote Operations');
    });

    after(async () => {
      await session.stop();
      await host.stop();
      await pueue.stop();
    });

    it('offers its groups, and tells of a task that waits why it does', async () => {
      await window.tree('Operations').titleAction('New Operation');
      const form = await OperationForm.find(window);
      await form.choose('Training job');
      await form.choose('By pueue');
      await form.select('Group', 'narrow');
      await form.fill({ Command: 'exec sleep 600', Name: 'pretrain' });
      await window.screenshot('pueue-form');
      await form.submit();
      await window.tree('Operations').waitForRow('pretrain', /pending \(the group "narrow" is paused\)/);
      await window.screenshot('pueue-pending');
    });

    it('shows that it runs once pueue has started it', async () => {
      await pueue.run('start', '--group', 'narrow');
      await window.tree('Operations').waitForRow('pretrain', /running/);
    });
  });
}
