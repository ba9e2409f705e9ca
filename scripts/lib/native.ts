import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWritable } from '../../src-main/engine/targets/find-program.ts';
import { inRoot } from './paths.ts';
import { newest } from './stale.ts';

const NATIVE = inRoot('python-agent', 'native');
/** The parts of the library; `base` and `python` do not depend on `heap`, so that another library can use them. */
const FOLDERS = ['base', 'python', 'heap'];
const LIBRARY = join(NATIVE, 'build', '_heapscope_core.abi3.so');

const COMMON = ['-O2', '-std=gnu11', '-Wall', '-Wextra', '-Werror=implicit-function-declaration', '-fPIC', '-fvisibility=hidden'];
/**
 * No library is linked: the interpreter has all that is needed, and symbols without a version fit every C library, older ones too. Bound at
 * load time, since no symbol may be resolved in a forked child.
 */
const LINK: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['-shared', '-nostdlib', '-Wl,-z,now'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
};

/** The result: available (`built` now or `fresh` before), or why not; without it the agent walks in pure Python. */
export type NativeBuild = { state: 'built' | 'fresh' } | { state: 'missing'; why: string };

/** Builds the agent's C core if it is older than its sources. Never throws; needs only a C compiler. */
export function buildNative(): NativeBuild {
  const link = LINK[process.platform];
  if (link === undefined) return { state: 'missing', why: `it is not written for ${process.platform}` };
  const changed = Math.max(...FOLDERS.map((folder) => newest(join(NATIVE, folder))));
  if ((statSync(LIBRARY, { throwIfNoEntry: false })?.mtimeMs ?? 0) > changed) return { state: 'fresh' };
  const compiler = findCompiler();
  if (compiler === null) return { state: 'missing', why: 'there is no C compiler' };
  return compile(compiler, link);
}

function findCompiler(): string | null {
  const candidates = [process.env['CC'], 'cc', 'gcc', 'clang'].filter((name) => name !== undefined && name !== '');
  return candidates.find((name) => spawnSync(String(name), ['--version'], { stdio: 'ignore' }).status === 0) ?? null;
}

/** Under another name first: a second build, or a program that has the library loaded, then always sees a complete file. */
function compile(compiler: string, link: string[]): NativeBuild {
  const folder = dirname(LIBRARY);
  if (!isWritable(existsSync(folder) ? folder : NATIVE)) return { state: 'missing', why: `${NATIVE} cannot be written to by this user` };
  const target = `${LIBRARY}.${process.pid}`;
  const files = FOLDERS.flatMap((folder) => readdirSync(join(NATIVE, folder)).map((name) => join(NATIVE, folder, name)));
  const sources = files.filter((name) => name.endsWith('.c'));
  mkdirSync(folder, { recursive: true });
  const run = spawnSync(compiler, [...COMMON, `-I${NATIVE}`, ...link, ...sources, '-o', target], { encoding: 'utf8' });
  if (run.status === 0) {
    renameSync(target, LIBRARY);
    return { state: 'built' };
  }
  rmSync(target, { force: true });
  const reason = /error: .*|undefined .*/.exec(run.stderr ?? '')?.[0] ?? `status ${run.status}`;
  return { state: 'missing', why: `${compiler} failed: ${reason}` };
}
