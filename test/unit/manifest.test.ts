import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commands, settingsSection, taskType, viewId } from '../../src/ids';
import { hostLaunchers } from '../../src/operations/operationView';
import { operationTypes, statuses } from '../../src/operations/status';
import { toolNames } from '../../src/tools/tool';
import { taskFields } from '../../src/views/tasks/taskSpec';
import { repositoryRoot } from '../testbed/repositoryRoot';

interface MenuEntry {
  command: string;
  when?: string;
}

interface Manifest {
  contributes: {
    commands: { command: string }[];
    views: Record<string, { id: string }[]>;
    menus: Record<string, MenuEntry[]>;
    configuration: { properties: Record<string, unknown> };
    languageModelTools: {
      name: string;
      when?: string;
      inputSchema: { additionalProperties: boolean; properties: Record<string, { enum?: string[] }> };
    }[];
    taskDefinitions: { type: string; properties: Record<string, unknown> }[];
  };
}

const read = (file: string) => readFileSync(path.join(repositoryRoot, file), 'utf8');

describe('the manifest', () => {
  const text = read('package.json');
  const { contributes } = JSON.parse(text) as Manifest;
  const { menus, views, configuration } = contributes;

  it('has the commands of the code, and no others', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).sort(),
      Object.values(commands).sort(),
    );
  });

  it('has the view of the code, and settings in one section', () => {
    assert.deepEqual(
      Object.values(views)
        .flat()
        .map(({ id }) => id),
      [viewId],
    );
    const elsewhere = Object.keys(configuration.properties).filter(
      (name) => !name.startsWith(`${settingsSection}.`),
    );
    assert.deepEqual(elsewhere, []);
  });

  it('has the tools of the code; those that act need a trusted workspace', () => {
    const tools = new Map(contributes.languageModelTools.map((tool) => [tool.name, tool]));
    assert.deepEqual([...tools.keys()].sort(), Object.values(toolNames).sort());
    const acting = [...tools.values()].filter(({ when }) => when === 'isWorkspaceTrusted');
    assert.deepEqual(acting.map(({ name }) => name).sort(), [toolNames.kill, toolNames.submit]);
    assert.ok([...tools.values()].every(({ inputSchema }) => inputSchema.additionalProperties === false));
    const { type, status } = tools.get(toolNames.list)?.inputSchema.properties ?? {};
    assert.deepEqual(type?.enum, operationTypes);
    assert.deepEqual(status?.enum, ['active', 'ended', ...statuses, 'unknown']);
    assert.deepEqual(tools.get(toolNames.submit)?.inputSchema.properties['launcher']?.enum, hostLaunchers);
  });

  it('has the fields of tasks that the code reads, and no others', () => {
    const [definition] = contributes.taskDefinitions;
    assert.equal(definition?.type, taskType);
    assert.deepEqual(
      Object.keys(definition?.properties ?? {}).sort(),
      ['host', 'operationType', ...taskFields].sort(),
    );
  });

  it('names only its own commands in menus', () => {
    const known = new Set<string>(Object.values(commands));
    const unknown = Object.values(menus)
      .flat()
      .filter(({ command }) => !known.has(command));
    assert.deepEqual(unknown, []);
  });

  it('hides from the palette what needs a row', () => {
    const hidden = menus['commandPalette']?.filter(({ when }) => when === 'false') ?? [];
    assert.deepEqual(
      hidden.map(({ command }) => command).sort(),
      [
        commands.openRow,
        commands.logIn,
        commands.retryHost,
        commands.retryCase,
        commands.submitCase,
        commands.cancelCase,
        commands.refreshUntracked,
        commands.copyUntracked,
        commands.endUntracked,
      ].sort(),
    );
  });

  it('offers on one row only what acts on one', () => {
    const single = new Set<string>([commands.removeHost, commands.findRuns, commands.removeWatchFolder]);
    const entries = menus['view/item/context']?.filter(({ command }) => single.has(command)) ?? [];
    assert.equal(entries.length, single.size);
    const onSeveral = entries.filter(({ when = '' }) => !when.includes('!listMultiSelection'));
    assert.deepEqual(onSeveral, []);
  });

  it('has words for every text, and no words left over', () => {
    const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    const words = Object.keys(JSON.parse(read('package.nls.json')) as object);
    assert.deepEqual([...new Set(used)].sort(), words.sort());
  });
});
