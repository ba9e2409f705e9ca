import { visibleLine, type ErrorData, type RecordingState, type SessionRow, type SnapshotRow } from '../../src-preload/contract/index.ts';
import { bytes, duration, ending } from './figures.ts';
import { wordError } from './wording.ts';

/** The status line's text: "● 00:03:12  RSS 412 MiB ↑ 1.2 MiB/min  3 processes  → out.heapscope". */
export function statusText(state: RecordingState, path: string): string {
  const agents = state.agents.filter((agent) => agent.state === 'connected').length;
  const parts = [
    `${state.paused ? '‖' : '●'} ${duration(state.now)}`,
    `RSS ${bytes(state.rss)}${slope(state.rssSlope)}`,
    `${state.processes} ${state.processes === 1 ? 'process' : 'processes'}${agents === 0 ? ' (no agent)' : ''}`,
    `→ ${visibleLine(path)}`,
  ];
  return parts.join('  ');
}

/** The summary at the end: what was recorded, and where it is stored. */
export function summaryText(row: SessionRow, snapshots: readonly SnapshotRow[], path: string, faults: readonly ErrorData[]): string {
  const parts = [
    `session ${row.id}`,
    duration(row.duration),
    `peak RSS ${bytes(row.peakRss)}`,
    `${row.processes} ${row.processes === 1 ? 'process' : 'processes'}`,
    ...snapshotText(snapshots),
    visibleLine(ending(row.state, row.exit)),
  ];
  const fault = faults.at(-1);
  return `heapscope: ${visibleLine(path)}: ${parts.join(', ')}${row.agent ? '' : ', no agent joined'}${fault === undefined ? '' : `; ${wordError(fault)}`}`;
}

/** What was refused or failed, one line for each kind. */
export function failureLines(failures: readonly ErrorData[]): string[] {
  const byCode = Map.groupBy(failures, ({ code }) => code);
  return [...byCode.values()].map(
    (same) => `heapscope: ${same.length} ${same.length === 1 ? 'snapshot' : 'snapshots'} not taken: ${wordError(same.at(-1)!)}`,
  );
}

function snapshotText(snapshots: readonly SnapshotRow[]): string[] {
  if (snapshots.length === 0) return [];
  const failed = snapshots.filter(({ state }) => state === 'failed').length;
  return [`${snapshots.length} ${snapshots.length === 1 ? 'snapshot' : 'snapshots'}${failed === 0 ? '' : ` (${failed} failed)`}`];
}

/** Cut so that it fills at most one row. */
export function fitted(text: string, columns: number): string {
  const chars = [...text];
  return chars.length < columns ? text : `${chars.slice(0, Math.max(0, columns - 2)).join('')}…`;
}

function slope(perMinute: number | null): string {
  if (perMinute === null || Math.abs(perMinute) < 1024) return '';
  return ` ${perMinute > 0 ? '↑' : '↓'} ${bytes(Math.abs(perMinute))}/min`;
}
