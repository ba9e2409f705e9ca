import type { ProjectContent } from './ports.ts';
import { bytes, duration, ending } from './figures.ts';

interface Column {
  title: string;
  right: boolean;
}

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

/** The project and its sessions as an aligned table, ready to print. */
export function infoTable(project: ProjectContent): string {
  const head = `${project.path}: ${count(project.sessions.length, 'session')}, ${bytes(project.size)}${project.damaged ? ', damaged' : ''}`;
  if (project.sessions.length === 0) return `${head}\n`;
  const rows = project.sessions.map((row) => [
    String(row.id),
    oneLine(row.name),
    when(row.startedAt),
    duration(row.duration),
    bytes(row.peakRss),
    String(row.processes),
    String(row.samples),
    row.interpreter?.version ?? '-',
    ending(row.state, row.exit),
  ]);
  return `${head}\n\n${aligned([COLUMNS.map((column) => column.title), ...rows])}\n`;
}

/** The same for programs to read. */
export function infoJson(project: ProjectContent): string {
  return `${JSON.stringify(project, null, 2)}\n`;
}

function aligned(rows: string[][]): string {
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => width(row[at] ?? ''))));
  return rows
    .map((row) =>
      row
        .map((cell, at) => pad(cell, widths[at] ?? 0, COLUMNS[at]?.right ?? false))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, to: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, to - width(cell)));
  return right ? space + cell : cell + space;
}

/** Columns in a terminal: East Asian characters take two. */
export function width(text: string): number {
  return [...text].reduce(
    (sum, char) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(char) ? 2 : 1),
    0,
  );
}

/** Control characters of a name would reach the terminal. */
function oneLine(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return plain.length > 60 ? `${plain.slice(0, 59)}…` : plain;
}

function when(time: number): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
