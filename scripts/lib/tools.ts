import { spawnSync } from 'node:child_process';
import { inRoot, root } from './paths.ts';

/**
 * Runs a tool of an npm package with the Node that runs this script. Its output goes to the terminal. Returns the exit code; a signal
 * counts as 1.
 */
export function runTool(script: string, args: string[], env: NodeJS.ProcessEnv = process.env): number {
  return run(inRoot('node_modules', script), args, env);
}

/** The same for one of our scripts. */
export function runScript(script: string, args: string[] = [], env: NodeJS.ProcessEnv = process.env): number {
  return run(inRoot(script), args, env);
}

/** Builds what is older than its sources. False: that failed; the build has printed why. */
export const buildIfStale = (): boolean => runScript('scripts/build.ts', ['--if-stale']) === 0;

function run(script: string, args: string[], env: NodeJS.ProcessEnv): number {
  const child = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit', env });
  if (child.error) throw child.error;
  return child.status ?? 1;
}
