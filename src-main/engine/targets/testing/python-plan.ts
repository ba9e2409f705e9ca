import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { LaunchPlan } from '../launch-plan.ts';

let found: string | null = null;

/** The real program behind `python3`, so that no shim runs in between. */
export function python(): string {
  found ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return found;
}

/** A plan that runs some Python without an agent. */
export function pythonPlan(code: string, env: Record<string, string> = {}): LaunchPlan {
  return {
    file: python(),
    args: ['-I', '-c', code],
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', ...env },
    keeper: null,
  };
}
