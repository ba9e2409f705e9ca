import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The repository's root. Every script runs there. */
export const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Runs a tool that an npm package brought, by the Node that runs this script. Its output goes to the terminal.
 * Returns the exit code; a signal counts as 1.
 */
export function runTool(script: string, args: string[], env: NodeJS.ProcessEnv = process.env): number {
  const run = spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT, stdio: 'inherit', env });
  if (run.error) throw run.error;
  return run.status ?? 1;
}

/** The same for a script of ours. */
export function runScript(script: string, args: string[] = [], env: NodeJS.ProcessEnv = process.env): number {
  const run = spawnSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit', env });
  if (run.error) throw run.error;
  return run.status ?? 1;
}
