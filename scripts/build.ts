/**
 * Builds `out/` with electron-vite. `--if-stale`: only when a source is newer than the last build (used by `npm ci`, `npm start` and `npm
 * test`). Builds the agent's C core too. Says what could not be built, and prints nothing else unless it fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isWritable } from '../src-main/engine/targets/find-program.ts';
import { hasTerminals } from '../src-main/engine/targets/pty-target.ts';
import { withLock } from './lib/lock.ts';
import { inRoot, root } from './lib/paths.ts';
import { buildExists, buildIsStale, markBuilt } from './lib/stale.ts';
import { runScript } from './lib/tools.ts';

const BUILDER = inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js');

function build(): number {
  const startedAt = Date.now();
  const result = spawnSync(process.execPath, [BUILDER, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) {
    markBuilt(startedAt);
    return 0;
  }
  process.stderr.write(`${result.stdout}${result.stderr}heapscope: the build failed; the lines above say where.\n`);
  return 1;
}

/** An installation without development dependencies runs with the `out/` that it came with. */
function withoutBuilder(): number {
  if (buildExists()) return 0;
  process.stderr.write('heapscope: out/ is missing and electron-vite is not installed: run npm ci without --omit=dev.\n');
  return 1;
}

/** As where the checkout belongs to another user: the build that is there is used, if there is one. */
function withoutPermission(): number {
  const what = buildExists() ? 'its build is older than its sources and is used as it is' : 'it is not built yet';
  process.stderr.write(`heapscope: ${root} cannot be written to by this user: ${what}; its owner can run npm ci there.\n`);
  return buildExists() ? 0 : 1;
}

function canBuild(): boolean {
  const out = inRoot('out');
  return [root, inRoot('node_modules'), ...(existsSync(out) ? [out] : [])].every(isWritable);
}

async function main(ifStale: boolean): Promise<number> {
  if (ifStale && !buildIsStale()) return 0;
  if (!canBuild()) return withoutPermission();
  if (!existsSync(BUILDER)) return withoutBuilder();
  if (!hasTerminals({})) {
    process.stderr.write(
      'heapscope: the terminal module (node-pty) was not built: programs run without a terminal. Install a C++ compiler, make and Python, then run npm ci.\n',
    );
  }
  // Two builds at once would empty each other's folder; the second may find the work already done.
  return await withLock(inRoot('node_modules', '.cache', 'heapscope-build.lock'), () =>
    Promise.resolve(ifStale && !buildIsStale() ? 0 : build()),
  );
}

runScript('scripts/native.ts'); // it is optional: the agent has another method
process.exitCode = await main(process.argv.includes('--if-stale'));
