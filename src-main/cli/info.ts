import { visibleLine, type DamageReport, type EventKind, type EventRow, type SnapshotRow } from '../../src-preload/contract/index.ts';
import { aligned, jsonText, type Column } from './aligned.ts';
import type { ProjectContent } from './ports.ts';
import { bytes, duration, ending } from './figures.ts';
import { wordError } from './wording.ts';

const COLUMNS: readonly Column[] = [
  { title: 'id', right: true },
  { title: 'name', right: false },
  { title: 'started', right: false },
  { title: 'duration', right: true },
  { title: 'peak RSS', right: true },
  { title: 'processes', right: true },
  { title: 'samples', right: true },
  { title: 'python', right: false },
  { title: 'end', right: false },
];

const SNAPSHOT_COLUMNS: readonly Column[] = [
  { title: 'id', right: true },
  { title: 'session', right: true },
  { title: 'snapshot', right: false },
  { title: 'at', right: true },
  { title: 'pid', right: true },
  { title: 'objects', right: true },
  { title: 'size', right: true },
  { title: 'pause', right: true },
  { title: 'stored', right: true },
  { title: 'state', right: false },
];

/** The project, its sessions and its snapshots as aligned tables, ready to print. */
export function infoTable(project: ProjectContent): string {
  const sum = `${visibleLine(project.path)}: ${count(project.sessions.length, 'session')}, ${bytes(project.size)}`;
  const head = `${sum}${project.inUse ? ', in use by another Heapscope' : ''}${damageNote(project.damage)}`;
  if (project.sessions.length === 0) return `${head}\n`;
  const rows = project.sessions.map((row) => [
    String(row.id),
    oneLine(row.name),
    when(row.startedAt),
    duration(row.duration),
    bytes(row.peakRss),
    String(row.processes),
    String(row.samples),
    oneLine(row.interpreter?.version ?? '-'),
    oneLine(ending(row.state, row.exit)),
  ]);
  return `${head}\n\n${aligned(COLUMNS, rows)}\n${snapshotTable(project.snapshots)}${claimLines(project.claims)}`;
}

/** Continues the first line; what was lost has lines of its own. */
function damageNote(damage: DamageReport | null): string {
  if (damage === null) return '';
  const rows = damage.lost.map(({ table, rows: n }) => `${visibleLine(table)}: at least ${count(n, 'row')} lost`);
  const samples = damage.lostSamples === 0 ? [] : [`samples: ${count(damage.lostSamples, 'stretch of time', 'stretches of time')} lost`];
  const detail = visibleLine(damage.detail.replaceAll(/\s*[\r\n]+\s*/g, ' '));
  return [`, damaged (${detail}): what can be read is shown, the file is unchanged`, ...rows, ...samples].join('\n');
}

function snapshotTable(snapshots: readonly SnapshotRow[]): string {
  if (snapshots.length === 0) return '';
  const rows = snapshots.map((row) => [
    String(row.id),
    String(row.session),
    oneLine(row.name),
    duration(row.t),
    String(row.pid),
    row.objects === null ? '-' : String(row.objects),
    bytes(row.size),
    row.pause === null ? '-' : `${row.pause.toFixed(1)} ms`,
    bytes(row.storedBytes),
    row.state,
  ]);
  const failed = snapshots.flatMap(({ id, error }) => (error === null ? [] : [`snapshot ${id}: ${wordError(error)}\n`]));
  return `\n${aligned(SNAPSHOT_COLUMNS, rows)}\n${failed.length === 0 ? '' : `\n${failed.join('')}`}`;
}

/** Kinds of events that are shown, with their labels. */
const CLAIMS = {
  'agent-unidentified': (pid: string) =>
    `an agent that calls itself process ${pid} could not be identified: it was recorded apart and never signalled`,
  'agent-unrelated': (pid: string) =>
    `process ${pid} could not be shown to descend from the program: it was recorded, never signalled, and not waited for`,
} satisfies Partial<Record<EventKind, (pid: string) => string>>;

function claimLines(claims: readonly EventRow[]): string {
  const lines = claims.map(({ session, t, kind, facts }) => {
    const words = CLAIMS[kind as keyof typeof CLAIMS](String(facts['pid']));
    return `session ${session}, ${duration(t)}: ${words}\n`;
  });
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

/** The same data as JSON. */
export function infoJson(project: ProjectContent): string {
  return jsonText(project);
}

/** Control characters in a name would reach the terminal, and bidirectional ones would change what it seems to say. */
function oneLine(text: string): string {
  const plain = visibleLine(text);
  return plain.length > 60 ? `${plain.slice(0, 59)}…` : plain;
}

function when(time: number): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}
