import type { OperationType } from '../operations/status';
import type { HostNode, HostsNode } from './hostRows';
import type { UntrackedNode } from './untrackedRows';
import type { WatchNode } from './watchRows';

/** The operations of a type that have not ended. */
export interface GroupNode {
  kind: 'group';
  type: OperationType;
}

/** What has ended. */
export interface RecentNode {
  kind: 'recent';
}

export interface OperationNode {
  kind: 'operation';
  id: string;
}

/** The last row of a group that has more rows than are shown. */
export interface MoreNode {
  kind: 'more';
  type: OperationType;
}

export interface SearchNode {
  kind: 'search';
}

export type OperationRowNode = GroupNode | RecentNode | OperationNode | MoreNode | SearchNode;
export type TreeNode = OperationRowNode | WatchNode | HostsNode | HostNode | UntrackedNode;
