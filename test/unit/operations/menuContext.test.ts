import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { menuContext } from '../../../src/operations/menuContext';
import type { OperationView } from '../../../src/operations/operationView';
import type { Status } from '../../../src/operations/status';
import { repositoryRoot } from '../../testbed/repositoryRoot';
import { view } from '../windows/scriptedService';

interface MenuEntry {
  command: string;
  when: string;
  group: string;
}

const manifest = JSON.parse(readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')) as {
  contributes: { menus: Record<string, MenuEntry[]> };
};

/** The commands that a menu shows where the context is this one, as VS Code reads their conditions. */
function commandsIn(menu: string, context: string, wanted: (group: string) => boolean): string[] {
  const isFor = ({ when }: MenuEntry) => {
    const [, equal, pattern] =
      /(?:viewItem|webviewSection) (?:== (\S+)|=~ \/(.+?)\/(?: |$))/u.exec(when) ?? [];
    return pattern === undefined ? equal === context : new RegExp(pattern, 'u').test(context);
  };
  return (manifest.contributes.menus[menu] ?? [])
    .filter((entry) => wanted(entry.group) && isFor(entry))
    .map(({ command }) => command.replace('remoteOps.', ''))
    .sort();
}

const ofRow = (context: string) =>
  commandsIn('view/item/context', context, (group) => !group.startsWith('inline'));
const besideRow = (context: string) =>
  commandsIn('view/item/context', context, (group) => group.startsWith('inline'));
const ofCard = (context: string) => commandsIn('webview/context', context, () => true);

const at = (status: Status, more: Partial<OperationView> = {}) =>
  view('x', { status, shownStatus: status, ...more });
const server = { type: 'server', port: 8080 } as const;

const always = ['duplicate', 'editAndResubmit', 'showDetails', 'showHistory'];
const there = ['followLog', 'openTerminal', 'searchLog', 'showLog'];

describe('the menu of an operation', () => {
  const cases: [when: string, view: OperationView, offered: string[]][] = [
    ['waits for its turn', at('queued', server), ['kill']],
    ['waits until its host is free', at('queued', { untilFree: true }), ['kill', 'startNow']],
    ['is being sent', at('submitting', server), []],
    ['waits for its scheduler', at('pending', server), [...there, 'kill', 'restart']],
    ['runs', at('running', { ...server, pausable: true }), [...there, 'kill', 'openPort', 'pause', 'restart']],
    ['is forwarded', at('running', { ...server, forwardedPort: 1 }), [...there, 'closePort', 'kill', 'openPort', 'restart']],
    ['is paused', at('paused', { pausable: true }), [...there, 'kill', 'restart', 'resume']],
    ['runs and was started elsewhere', at('running', { adopted: 'unknown' }), [...there, 'kill']],
    ['is being killed', at('stopping', server), there],
    ['is being killed to be restarted', at('stopping', { ...server, restarts: true }), [...there, 'kill']],
    ['has ended', at('failed', server), [...there, 'archive', 'resubmit']],
    ['has ended and was started elsewhere', at('stopped', { adopted: 'unknown' }), [...there, 'archive']],
  ]; // prettier-ignore
  for (const [when, each, offered] of cases) {
    it(`offers what can be done while it ${when}, the same in rows and on cards`, () => {
      const context = menuContext(each, true);
      assert.deepEqual(ofRow(context), [...always, ...offered].sort());
      assert.deepEqual(ofCard(context), ofRow(context));
      const beside = ['archive', 'kill', 'pause', 'resubmit', 'resume', 'showLog', 'startNow'];
      assert.deepEqual(
        besideRow(context),
        beside.filter((command) => offered.includes(command)),
      );
    });
  }

  it('offers nothing that needs a host that is not in the settings any more', () => {
    for (const each of [at('queued', { untilFree: true }), at('running', server), at('failed')]) {
      assert.deepEqual(ofRow(menuContext(each, false)), ['archive', ...always]);
    }
  });

  it('of another extension’s puts it away, with a button once it has ended', () => {
    const [running, ended] = (['running', 'failed'] as const).map((status) =>
      menuContext(at(status, { launcher: 'external' }), true),
    ) as [string, string];
    assert.deepEqual(ofRow(running), ['archive', 'showDetails', 'showHistory']);
    assert.deepEqual([besideRow(running), besideRow(ended)], [[], ['archive']]);
  });

  it('only shows what was submitted elsewhere', () => {
    assert.deepEqual(ofRow(menuContext(at('running', { origin: 'found' }), true)), ['showDetails']);
  });
});
