/** Compiles the agent for each Python found (part of `npm ci`): a program that may write no bytecode would do so at each of its starts. */
import { compileBy } from '../src-main/engine/targets/bytecode.ts';
import { inRoot, root } from './lib/paths.ts';
import { oneOfEachBuild, pythonPaths, pythonsAt, SUPPORTED } from './lib/pythons.ts';

for (const { path } of oneOfEachBuild(pythonsAt(pythonPaths())).filter(({ version }) => SUPPORTED.includes(version))) {
  await compileBy(path, inRoot('python-agent'), { cwd: root, env: process.env });
}
