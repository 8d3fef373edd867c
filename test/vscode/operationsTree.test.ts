import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { OperationView } from '../../src/operations/operationView';
import { mostRecent } from '../../src/views/arrangement';
import { noFilter } from '../../src/views/operationFilter';
import { mostRows } from '../../src/views/operationRows';
import { OperationsTree } from '../../src/views/operationsTree';
import { statusTooltip } from '../../src/views/statusTooltip';
import type { TreeNode } from '../../src/views/treeNodes';
import { UntrackedLists } from '../../src/views/untrackedLists';
import { ViewFilter } from '../../src/views/viewFilter';
import { eventually } from '../testbed/eventually';
import { ScriptedService, view } from '../unit/windows/scriptedService';

class Memory implements vscode.Memento {
  readonly #values = new Map<string, unknown>();
  keys = () => [...this.#values.keys()];
  get = <T>(key: string, byDefault?: T) => (this.#values.get(key) ?? byDefault) as T;
  update = (key: string, value: unknown) => Promise.resolve(void this.#values.set(key, value));
}

const labelOf = ({ label }: vscode.TreeItem): string => (typeof label === 'string' ? label : '');

/** Holds the rows as VS Code does: asks for those of open groups, and anew for what is redrawn. */
class Screen {
  /** What was drawn anew since the last look, by label. */
  redrawn: string[] = [];
  items = 0;
  readonly #open = new Set<string>(['Training Jobs', 'Servers']);
  #rows = new Set<TreeNode>();

  constructor(private readonly tree: OperationsTree) {
    tree.onDidChangeTreeData((changed) => {
      const nodes = changed === undefined ? [undefined] : Array.isArray(changed) ? changed : [changed];
      for (const node of nodes.filter((each) => each === undefined || this.#rows.has(each))) {
        this.redrawn.push(node === undefined ? 'everything' : this.#draw(node));
        this.#drawChildren(node);
      }
    });
    this.#drawChildren(undefined);
  }

  labels(parent?: TreeNode): string[] {
    return this.tree.getChildren(parent).map((node) => labelOf(this.tree.getTreeItem(node)));
  }

  row(label: string): TreeNode {
    const found = [...this.#rows].find((node) => this.tree.getTreeItem(node).label === label);
    assert.ok(found, label);
    return found;
  }

  #draw(node: TreeNode): string {
    this.items += 1;
    return labelOf(this.tree.getTreeItem(node));
  }

  #drawChildren(parent: TreeNode | undefined): void {
    if (parent === undefined) {
      this.#rows = new Set();
    } else if (!this.#open.has(labelOf(this.tree.getTreeItem(parent)))) {
      return;
    }
    for (const node of this.tree.getChildren(parent)) {
      this.#rows.add(node);
      this.#draw(node);
      this.#drawChildren(node);
    }
  }
}

const ended = (id: string, changes: Partial<OperationView> = {}) =>
  view(id, {
    status: 'completed',
    shownStatus: 'completed',
    endedAt: '2026-01-02T00:00:00.000Z',
    ...changes,
  });

describe('the tree of operations', () => {
  let service: ScriptedService;
  let filter: ViewFilter;
  let memory: Memory;
  let tree: OperationsTree;

  const show = (...views: OperationView[]): Screen => {
    service.put(...views);
    tree = new OperationsTree(service, filter, new UntrackedLists(service, () => 0));
    return new Screen(tree);
  };

  const many = (count: number, make: (id: string) => OperationView) =>
    Array.from({ length: count }, (_, index) => make(`run ${index}`));

  beforeEach(() => {
    service = new ScriptedService();
    service.hostViews = [{ id: 'lab', name: 'lab', address: 'lab', state: 'connected' }];
    memory = new Memory();
    filter = new ViewFilter(memory);
  });

  afterEach(() => {
    tree.dispose();
    filter.clear();
  });

  it('counts what is active by type, and folds what has ended, with the bad ends told', () => {
    const screen = show(
      view('a'),
      view('b', { type: 'server' }),
      ended('c'),
      ended('d', { status: 'failed', shownStatus: 'failed' }),
    );
    assert.deepEqual(screen.labels(), ['Servers', 'Training Jobs', 'Hosts', 'Recent', 'Untracked']);
    const recent = tree.getTreeItem(screen.row('Recent'));
    assert.equal(recent.collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
    assert.equal(recent.description, '2 · 1 failed');
    assert.deepEqual(screen.labels(screen.row('Recent')), ['c', 'd', 'Search History...']);
    assert.equal(tree.getParent(screen.row('a')), screen.row('Training Jobs'));
  });

  it('draws only the row that changed', async () => {
    const screen = show(...many(1000, (id) => view(id)));
    service.put(view('run 10', { status: 'paused', shownStatus: 'paused' }));
    await eventually('a redraw', () => Promise.resolve(screen.redrawn.length > 0));
    assert.deepEqual(screen.redrawn, ['run 10']);
  });

  it('draws a row on which only progress moves not at every step', async () => {
    const screen = show(view('a'), view('b'));
    for (let step = 1; step <= 5; step += 1) {
      service.put(view('a', { progress: step / 10 }));
      service.put(view('b', { status: 'paused', shownStatus: step % 2 ? 'paused' : 'running' }));
      await eventually('the redraw of b', () => Promise.resolve(screen.redrawn.length === step));
    }
    assert.deepEqual(new Set(screen.redrawn), new Set(['b']));
  });

  it('draws the groups between which a row moved, and no other', async () => {
    const screen = show(view('a'), view('b'), view('c', { type: 'server' }), ended('d'));
    service.put(ended('a'));
    await eventually('a redraw', () => Promise.resolve(screen.redrawn.length > 0));
    assert.deepEqual(screen.redrawn.sort(), ['Recent', 'Training Jobs']);
  });

  it('hands out few rows of 10,000 operations, and answers at once', async () => {
    const started = performance.now();
    const screen = show(...many(9_000, (id) => ended(id)), ...many(1_000, (id) => view(`active ${id}`)));
    const rows = mostRows + ['Training Jobs', '500 more', 'Hosts', 'Recent', 'Untracked'].length;
    assert.equal(screen.items, rows);
    assert.equal(screen.labels(screen.row('Training Jobs')).at(-1), '500 more: narrow the list...');
    assert.equal(screen.labels(screen.row('Recent')).length, mostRecent + 1);
    assert.equal(tree.getTreeItem(screen.row('Recent')).description, `${mostRecent} of 9000`);
    const tookMs = performance.now() - started;
    assert.ok(tookMs < 2_000, `${tookMs} ms`);
    service.put(view('active run 3', { status: 'paused', shownStatus: 'paused' }));
    await eventually('a redraw', () => Promise.resolve(screen.redrawn.length > 0));
    assert.deepEqual(screen.redrawn, ['active run 3']);
  });

  it('shows what the filter lets through, in the order that was chosen, and remembers both', async () => {
    const screen = show(
      view('a', { name: 'beta' }),
      view('b', { name: 'alpha' }),
      ended('c', { name: 'gamma', status: 'failed', shownStatus: 'failed' }),
    );
    filter.sortBy({ by: 'name', reversed: false });
    await eventually('a redraw', () => Promise.resolve(screen.redrawn.length > 0));
    assert.deepEqual(screen.labels(screen.row('Training Jobs')), ['alpha', 'beta']);
    filter.set({ ...noFilter, statuses: ['failed'], hostIds: ['lab'] });
    await eventually('only what failed', () =>
      Promise.resolve(screen.labels().join() === 'Hosts,Recent,Untracked'),
    );
    const recent = tree.getTreeItem(screen.row('Recent'));
    assert.equal(recent.collapsibleState, vscode.TreeItemCollapsibleState.Expanded);
    assert.equal(filter.description(service.hosts()), 'failed on lab · by name');
    const later = new ViewFilter(memory);
    assert.equal(later.description(service.hosts()), 'failed on lab · by name');
    later.clear();
    assert.equal(later.description(service.hosts()), '');
  });

  it('offers the log only where there can be one, and what changes a row only where it applies', () => {
    const screen = show(
      view('queued', { status: 'queued', shownStatus: 'queued' }),
      view('running', { pausable: true }),
      view('paused', { pausable: true, status: 'paused', shownStatus: 'paused' }),
      view('found', { origin: 'found' }),
    );
    const contexts = ['queued', 'running', 'paused', 'found'].map(
      (label) => tree.getTreeItem(screen.row(label)).contextValue,
    );
    assert.deepEqual(contexts, [
      'operation.active.killable',
      'operation.active.log.folder.pausable.restartable.killable',
      'operation.active.log.folder.resumable.restartable.killable',
      'found',
    ]);
  });

  it('takes names and causes as text in tooltips, never as Markdown', () => {
    const hostile = '[x](command:workbench.action.quit) <img src=x> $(zap) **b** `c`';
    const cause = { title: hostile, lines: [hostile, 'Killed'] };
    const screen = show({
      ...view('a', { name: hostile, progress: 0.5, etaSeconds: 720, adopted: 'file' }),
      ...{ cause },
    });
    const node = screen.row(hostile);
    const item = tree.resolveTreeItem(tree.getTreeItem(node), node);
    const tooltips = [item.tooltip, statusTooltip(service.operations(), service.hosts())];
    for (const tooltip of tooltips) {
      assert.ok(tooltip instanceof vscode.MarkdownString);
      assert.ok(!tooltip.isTrusted && !tooltip.supportHtml && !tooltip.supportThemeIcons);
      assert.ok(!/[^\\]\[x/u.test(tooltip.value), tooltip.value);
      assert.ok(!/[^\\]`c/u.test(tooltip.value), tooltip.value);
    }
    const [ofRow = '', ofStatusBar = ''] = tooltips.map((tooltip) =>
      (tooltip as vscode.MarkdownString).value.replaceAll('&nbsp;', ' '),
    );
    assert.match(ofRow, /Why: .*\n\nWhat It Wrote: .*/u);
    assert.match(ofRow, /Tracked Since: .*, when it was found running/u);
    assert.match(ofStatusBar, /50% · about 12 min left/u);
  });
});
