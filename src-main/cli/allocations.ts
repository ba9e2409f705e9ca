import { visibleLine, type AllocationRow } from '../../src-preload/contract/index.ts';
import { aligned, jsonText, type Column } from './aligned.ts';
import { bytes, duration } from './figures.ts';
import type { AllocationAnswer, AllocationRequest } from './ports.ts';

/** Of the reasons of PROTOCOL.md those that a user can do something about, or has to know. */
const REASONS: Readonly<Record<string, string>> = {
  'no-core': 'the agent has no C core there (npm ci builds it, with a C compiler)',
  'free-threaded': 'free-threaded builds of Python cannot be sampled',
  layout: 'the agent does not know how this interpreter is laid out in memory',
  'no-files': "the agent's files could not be read there any more",
  tracemalloc: 'tracemalloc was running before the agent, and took its place when it stopped',
  displaced: "another profiler took the agent's place",
};

const TITLES = { live: 'live', allocated: 'allocated', freed: 'freed', growth: 'growth' } as const;

/** Why there is nothing to show, as one line; null: there is something. */
export function nothingSampled({ report }: AllocationAnswer): string | null {
  if (report === null) return 'there is no session in this file';
  const { session, states } = report;
  if (report.table.total > 0 || states.some(({ state }) => state !== 'unavailable')) return null;
  const refused = states.find(({ state }) => state === 'unavailable');
  const why =
    refused === undefined
      ? 'sampling was off (record --sampling 512k turns it on)'
      : `they could not be sampled in process ${refused.pid ?? '?'}: ${reason(refused.why)}`;
  return `session ${session.id} has no sampled allocations: ${why}`;
}

function reason(why: string): string {
  return REASONS[why] ?? visibleLine(why === '' ? 'the reason is unknown' : why);
}

/** A table for people. */
export function allocationTable({ path, report }: AllocationAnswer, { by, of, from, to }: AllocationRequest): string {
  if (report === null) return '';
  const { session, states, table } = report;
  const range = from === null && to === null ? '' : `, from ${duration(from ?? 0)} to ${to === null ? 'the end' : duration(to)}`;
  const means = [...new Set(states.filter(({ mean }) => mean > 0).map(({ mean }) => bytes(mean)))].join(' and ');
  const sampled = means === '' ? '' : `, one sample for each ${means}`;
  const head = `${visibleLine(path)}, session ${session.id} (${visibleLine(session.name)}): ${TITLES[of]} by ${by}${range}${sampled}`;
  const named: Column[] = by === 'line' || by === 'function' || by === 'traceback' ? [{ title: 'function', right: false }] : [];
  const columns: Column[] = [
    ...['bytes', '±', 'blocks', 'a minute', 'share'].map((title) => ({ title, right: true })),
    ...named,
    { title: by === 'traceback' ? 'line' : by, right: false },
  ];
  const rows = table.rows.flatMap((row) => [
    [...figures(row), ...(named.length > 0 ? [visibleLine(row.function)] : []), place(row, by)],
    ...(row.frames ?? [])
      .slice(1)
      .map((frame) => ['', '', '', '', '', visibleLine(frame.function), visibleLine(`${frame.file}:${frame.line}`)]),
  ]);
  const { sums, total } = table;
  const shown = table.rows.length < total ? `${table.rows.length} of ${total} rows` : `${total} ${total === 1 ? 'row' : 'rows'}`;
  const foot = `${shown}; in all ${bytes(sums.bytes)} ± ${bytes(sums.error)} (one standard deviation)`;
  return [head, '', aligned(columns, rows), '', foot, ...remarks(states), ''].join('\n');
}

function figures(row: AllocationRow): string[] {
  return [bytes(row.bytes), bytes(row.error), String(Math.round(row.blocks)), bytes(row.perMinute), `${(row.share * 100).toFixed(1)} %`];
}

function place(row: AllocationRow, by: AllocationRequest['by']): string {
  if (by === 'thread') return visibleLine(row.function);
  if (by === 'module') return visibleLine(row.module === '' ? row.function : row.module);
  if (by === 'package')
    return row.package === '' ? (row.function === '' ? '(own code)' : visibleLine(row.function)) : visibleLine(row.package);
  if (row.file === '') return '-';
  return visibleLine(by === 'file' ? row.file : `${row.file}:${row.line}`);
}

function remarks(states: NonNullable<AllocationAnswer['report']>['states']): string[] {
  return states.flatMap(({ pid, state, why, merged }) => {
    const process = `process ${pid ?? '?'}`;
    const lost = state === 'lost' ? [`${process}: sampling was lost, ${reason(why)}`] : [];
    const never = state === 'unavailable' ? [`${process} could not be sampled: ${reason(why)}`] : [];
    return [...lost, ...never, ...(merged > 0 ? [`${process}: ${merged} samples had more tracebacks than there is room for`] : [])];
  });
}

/** One row as the machine-readable forms have it. */
function record(
  { file, line, function: name, bytes: size, blocks: count, error, perMinute, ...row }: AllocationRow,
  by: string,
): Record<string, unknown> {
  const plain = { file, line, function: name, bytes: size, count, error, perMinute };
  if (by === 'module') return { module: row.module, ...plain };
  if (by === 'package') return { package: row.package, ...plain };
  return row.frames === null ? plain : { ...plain, frames: row.frames };
}

export function allocationJson({ report }: AllocationAnswer, { by }: AllocationRequest): string {
  return jsonText((report?.table.rows ?? []).map((row) => record(row, by)));
}

export function allocationCsv({ report }: AllocationAnswer, { by }: AllocationRequest): string {
  const rows = (report?.table.rows ?? []).map((row) => {
    const { frames: _frames, ...cells } = record(row, by);
    return row.frames === null
      ? cells
      : { ...cells, traceback: row.frames.map((frame) => `${frame.function} (${frame.file}:${frame.line})`).join('; ') };
  });
  const plain = ['file', 'line', 'function', 'bytes', 'count', 'error', 'perMinute'];
  const names = [...(by === 'module' || by === 'package' ? [by] : []), ...plain, ...(by === 'traceback' ? ['traceback'] : [])];
  const lines = rows.map((cells) => names.map((name) => csvCell((cells as Record<string, unknown>)[name])));
  return [names, ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function csvCell(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : visibleLine(typeof value === 'string' ? value : '');
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
