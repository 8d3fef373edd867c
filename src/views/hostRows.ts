import * as vscode from 'vscode';
import type { HostSummary } from '../operations/summary';
import { figuresText } from './hostFiguresText';
import { hostItem, hostsGroupItem } from './hostItem';
import { hostDescription } from './hostText';

export interface HostsNode {
  kind: 'hosts';
}

export interface HostNode {
  kind: 'host';
  id: string;
}

/** The configured hosts as rows of the tree, under a group of their own. */
export class HostRows {
  readonly group: HostsNode = { kind: 'hosts' };
  #hosts: ReadonlyMap<string, HostSummary> = new Map();
  #nodes: ReadonlyMap<string, HostNode> = new Map();

  read(hosts: readonly HostSummary[]): void {
    this.#hosts = new Map(hosts.map((host) => [host.id, host]));
    this.#nodes = new Map(hosts.map(({ id }) => [id, this.#nodes.get(id) ?? { kind: 'host', id }]));
  }

  get count(): number {
    return this.#hosts.size;
  }

  get(id: string): HostSummary | undefined {
    return this.#hosts.get(id);
  }

  children(): HostNode[] {
    return [...this.#nodes.values()];
  }

  /** What a row says apart from its figures and the round trip, which move by themselves; `undefined` once the host is gone. */
  essence({ id }: HostNode): string | undefined {
    const host = this.#hosts.get(id);
    if (!host) {
      return undefined;
    }
    const { roundTripMs, ...still } = host;
    return `${host.name} ${hostDescription(still)} ${figuresText(host) !== undefined}`;
  }

  item(node: HostsNode | HostNode): vscode.TreeItem {
    if (node.kind === 'hosts') {
      return hostsGroupItem([...this.#hosts.values()]);
    }
    const host = this.#hosts.get(node.id);
    return host ? hostItem(host) : new vscode.TreeItem(node.id);
  }
}
