import type { ProcessId, ProcessRow } from '../../../src-preload/contract/index.ts';

export interface TreeRow {
  process: ProcessRow;
  depth: number;
}

/** Parents before children, siblings by appearance. A process with an unknown parent is at the root. */
export function processTree(processes: readonly ProcessRow[]): TreeRow[] {
  const known = new Set(processes.map((process) => process.id));
  const children = new Map<ProcessId | null, ProcessRow[]>();
  for (const process of [...processes].sort((a, b) => a.ordinal - b.ordinal)) {
    const parent = process.parent !== null && known.has(process.parent) && process.parent !== process.id ? process.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), process]);
  }
  const rows: TreeRow[] = [];
  const waiting = (children.get(null) ?? []).map((process): TreeRow => ({ process, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { process, depth } = next;
    rows.push(next);
    waiting.push(...(children.get(process.id) ?? []).map((child): TreeRow => ({ process: child, depth: depth + 1 })).reverse());
  }
  return rows;
}
