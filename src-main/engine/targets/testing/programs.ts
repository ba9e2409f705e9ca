import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import type { Interpreter, LaunchSpec } from '../../../../src-preload/contract/index.ts';
import type { StartedTarget, TargetExit } from '../target.ts';

export { python, pythonPlan } from './python-plan.ts';

const folders: string[] = [];
const targets: StartedTarget[] = [];

afterEach(() => {
  for (const target of targets.splice(0)) target.signal('kill');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder for one test, removed after it. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'heapscope-targets-'));
  folders.push(folder);
  return folder;
}

/** Writes an executable file and returns its path. */
export function writeProgram(folder: string, name: string, text: string, mode = 0o755): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

export function interpreterAt(file: string, environment: string | null = null): Interpreter {
  return {
    path: file,
    version: '3.12.1',
    implementation: 'cpython',
    source: environment === null ? 'path' : 'venv',
    support: 'full',
    freeThreaded: false,
    environment,
  };
}

export function spec(changes: Partial<LaunchSpec>): LaunchSpec {
  return {
    mode: 'code',
    interpreter: '',
    target: 'pass',
    args: [],
    cwd: '/',
    env: {},
    intervalMs: 100,
    tracemallocFrames: 0,
    sampling: 0,
    ...changes,
  };
}

export interface Collected {
  target: StartedTarget;
  /** Everything it printed so far, in the pieces in which it arrived. */
  text(): string;
  pieces: Uint8Array[];
  /** Resolves when the output matches; rejects when the program ends first. */
  until(pattern: RegExp): Promise<void>;
  exit: Promise<TargetExit>;
}

/** Listens to a program; it is killed when the test ends. */
export function collect(target: StartedTarget): Collected {
  targets.push(target);
  const pieces: Uint8Array[] = [];
  const text = (): string => Buffer.concat(pieces).toString('utf8');
  const waiting = new Set<() => void>();
  target.terminal.onData((bytes) => {
    pieces.push(bytes);
    for (const look of waiting) look();
  });
  const exit = new Promise<TargetExit>((resolve) => target.onExit(resolve));
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(text())) resolve();
      };
      waiting.add(look);
      look();
      void exit.then(() => reject(new Error(`ended before ${pattern}: ${text()}`)));
    });
  return { target, text, pieces, until, exit };
}
