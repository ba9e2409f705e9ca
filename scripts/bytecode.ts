/** Compiles the agent for each Python found (part of `npm ci`): a program that may write no bytecode would do so at each of its starts. */
import { spawnSync } from 'node:child_process';
import { inRoot } from './lib/paths.ts';
import { oneOfEachBuild, pythonPaths, pythonsAt, SUPPORTED } from './lib/pythons.ts';

const FOLDERS = ['heapscope_agent', 'bootstrap'].map((folder) => inRoot('python-agent', folder));

for (const { path } of oneOfEachBuild(pythonsAt(pythonPaths())).filter(({ version }) => SUPPORTED.includes(version))) {
  // One that fails compiles at the program's start, as without this.
  spawnSync(path, ['-I', '-m', 'compileall', '-q', ...FOLDERS], { stdio: 'ignore', timeout: 20_000 });
}
