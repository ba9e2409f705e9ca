import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface FakeProcess {
  ppid?: number;
  session?: number;
  state?: string;
  name?: string;
  threads?: number;
  startTicks?: number;
  flags?: number;
  exitStatus?: number;
  /** In pages. */
  resident?: number;
  children?: number[];
  files?: Record<string, string>;
}

/** A line as the kernel writes it into `/proc/PID/stat`: 52 fields. */
export function statLine(pid: number, process: FakeProcess = {}): string {
  const { ppid = 1, session = 1, state = 'S', name = 'python3', threads = 1, startTicks = 1000, flags = 0, exitStatus = 0 } = process;
  const fields = [
    pid,
    `(${name})`,
    state,
    ppid,
    pid,
    session,
    0,
    -1,
    flags,
    ...Array<number>(4).fill(0),
    30,
    12,
    ...Array<number>(4).fill(0),
    threads,
    0,
    startTicks,
  ];
  return `${[...fields, ...Array<number>(52 - fields.length - 1).fill(0), exitStatus].join(' ')}\n`;
}

/** Writes a process into a folder that replaces `/proc`. `children: undefined`: a kernel that does not list them. */
export function writeProcess(proc: string, pid: number, process: FakeProcess = {}): void {
  const folder = path.join(proc, String(pid));
  mkdirSync(path.join(folder, 'task', String(pid)), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, 'stat'), statLine(pid, process));
  writeFileSync(path.join(folder, 'statm'), `9000 ${process.resident ?? 100} 50 1 0 60 0\n`);
  writeFileSync(path.join(folder, 'cmdline'), `python3\0app ${pid}.py\0`);
  if (process.children) writeFileSync(path.join(folder, 'task', String(pid), 'children'), `${process.children.join(' ')} `);
  for (const [name, text] of Object.entries(process.files ?? {})) writeFileSync(path.join(folder, name), text);
}

/** What a kept descriptor of an ended process reads. */
export function removeProcess(proc: string, pid: number): void {
  writeFileSync(path.join(proc, String(pid), 'stat'), '');
}
