/** How high a row will be, before it was drawn: near enough for the scroll bar. Pure. */
import type { DashboardOperation } from '../../src/views/dashboard/protocol';
import { hasResources } from './resources';

const base = 132;
const line = 25;

/** In pixels, with the gap below. */
export function estimatedHeight(row: readonly DashboardOperation[]): number {
  return base + Math.max(0, ...row.map(extras)) * line;
}

/** In lines, which is what most parts of a card are. */
function extras(operation: DashboardOperation): number {
  const { progress, metrics, error, waitsFor, stalledSince, status } = operation;
  const parts = [
    progress !== undefined && status !== 'completed' ? 2 : 0,
    metrics === undefined ? 0 : 2,
    hasResources(operation) ? 1 : 0,
    (error ?? waitsFor) === undefined ? 0 : 1,
    stalledSince === undefined ? 0 : 1,
  ];
  return parts.reduce((sum, lines) => sum + lines, 0);
}
