import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Session } from './support/session';
import type { TreeView } from './support/treeView';
import { Walkthrough } from './support/walkthrough';
import { waitFor } from './support/waitFor';
import type { Workbench } from './support/workbench';
import { stepByStep } from './support/stepByStep';

describe('the first steps, in German, by somebody who has no server', function () {
  // Each step begins where the one before ended.
  stepByStep(this, () => [window]);

  let home: string;
  let session: Session;
  let window: Workbench;
  let tree: TreeView;
  let steps: Walkthrough;

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'remote-operations-home-'));
    session = await Session.start({
      displayLanguage: 'de',
      env: { HOME: home },
      // Narrower, VS Code leaves the pictures out.
      size: { width: 1600, height: 1000 },
    });
    window = await session.openWindow();
    await window.openContainer('Remote Operations');
    tree = window.tree('Vorgänge');
    steps = new Walkthrough(window.page, 'Erste Schritte mit Remote Operations');
  });

  after(async () => {
    await session.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('the empty list leads to them', async () => {
    await tree.clickWelcome('Erste Schritte');
    await steps.open();
    assert.deepEqual(await steps.titles(), [
      'Host hinzufügen',
      'Trainingsjob starten',
      'Beobachten',
      'Protokoll lesen',
      'Beenden',
      'Was die Status bedeuten',
    ]);
    await window.screenshot('german-walkthrough');
  });

  it('this computer becomes a host', async () => {
    await steps.click('Host hinzufügen', 'Host hinzufügen');
    await window.quickInput.step('Host hinzufügen');
    await window.screenshot('german-add-host');
    await window.quickInput.pick('Dieser Computer (local)');
    await steps.waitUntilDone('Host hinzufügen');
  });

  it('the sample runs, and its row tells how far it is', async () => {
    await steps.click('Trainingsjob starten', 'Beispieljob starten');
    await tree.waitForRow('sample-training', /^läuft · \d+\u00a0% · Epoche \d+ von 40 · seit /, 30_000);
    await steps.waitUntilDone('Trainingsjob starten');
    await tree.waitForTooltip('sample-training', /läuft, geprüft vor \d+ s auf .* \(PID und Startzeit\)/);
    await window.screenshot('german-running');
  });

  it('the dashboard shows it', async () => {
    await steps.click('Beobachten', 'Dashboard öffnen');
    const dashboard = await window.webview('Remote Operations');
    await dashboard.getByText('Läuft', { exact: true }).first().waitFor();
    await window.screenshot('german-dashboard');
    await window.runCommand('View: Close Editor');
    await steps.waitUntilDone('Beobachten');
  });

  it('its log can be read', async () => {
    await steps.click('Protokoll lesen', 'Protokoll anzeigen');
    await window.quickInput.step('Welches Protokoll soll angezeigt werden?');
    await window.quickInput.pick('sample-training');
    await window.page.locator('.view-line', { hasText: /Epoch\s1\/40/ }).waitFor();
    await window.screenshot('german-log');
    await window.runCommand('View: Close Editor');
    await steps.waitUntilDone('Protokoll lesen');
  });

  it('it is ended on confirmation, and seen to have ended', async () => {
    await steps.click('Beenden', 'Beenden');
    await window.quickInput.step('Welcher Vorgang soll beendet werden?');
    await window.quickInput.pick('sample-training');
    const { message, detail, buttons } = await window.dialog.read();
    assert.equal(message, '"sample-training" auf Dieser Computer beenden?');
    assert.match(
      detail,
      /PID \d+ · seit .*Alle Prozesse des Vorgangs werden aufgefordert, sich zu beenden/su,
    );
    assert.ok(buttons.includes('Beenden'));
    await window.screenshot('german-dialog');
    await window.dialog.click('Beenden');
    await tree.waitForRow('sample-training', /^abgebrochen · .*beendet /, 30_000);
    await steps.waitUntilDone('Beenden');
  });

  it('the statuses are explained', async () => {
    await steps.select('Was die Status bedeuten');
    await waitFor(
      () =>
        Promise.all(window.page.frames().map((frame) => frame.getByText('Ohne Exitcode nicht mehr').count())),
      (counts) => counts.some((count) => count > 0),
      { what: 'the page of statuses in German' },
    );
    await window.screenshot('german-statuses');
  });

  it('what goes wrong is told in German too', async () => {
    await window.runCommand('Remote Operations: Host hinzufügen...');
    await window.quickInput.step('Host hinzufügen');
    await window.quickInput.fill('jemand@127.0.0.1:1');
    await window.quickInput.pick('jemand@127.0.0.1:1');
    const refused = /hat die Verbindung unter 127\.0\.0\.1:1 abgelehnt\. Überprüfen Sie, ob sshd dort läuft/;
    await window.notifications.waitForText(refused);
    await window.screenshot('german-error');
    await window.notifications.click(refused, 'Host entfernen');
    await tree.waitForRow('sample-training', /^abgebrochen(?!.*Dieser Computer)/);
  });
});
