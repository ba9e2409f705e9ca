import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isWritable } from '../../src-main/engine/targets/find-program.ts';
import { inRoot } from './paths.ts';
import { newest } from './stale.ts';

const NATIVE = inRoot('python-agent', 'native');
/** The libraries and their parts; `base` and `python` depend on neither of the others. */
const LIBRARIES = [
  { name: '_heapscope_core', folders: ['base', 'python', 'heap'] },
  { name: '_heapscope_allocations', folders: ['base', 'python', 'allocations'] },
];
type Library = (typeof LIBRARIES)[number];
const BUILD = join(NATIVE, 'build');

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

/** Builds the agent's libraries in C that are older than their sources. Never throws; needs only a C compiler. */
export function buildNative(): NativeBuild {
  const link = LINK[process.platform];
  if (link === undefined) return { state: 'missing', why: `it is not written for ${process.platform}` };
  const stale = LIBRARIES.filter((library) => !isFresh(library));
  if (stale.length === 0) return { state: 'fresh' };
  const compiler = findCompiler();
  if (compiler === null) return { state: 'missing', why: 'there is no C compiler' };
  const built = stale.map((library) => compile(compiler, link, library));
  return built.find(({ state }) => state === 'missing') ?? { state: 'built' };
}

function fileOf(library: Library): string {
  return join(BUILD, `${library.name}.abi3.so`);
}

function isFresh(library: Library): boolean {
  const changed = Math.max(...library.folders.map((folder) => newest(join(NATIVE, folder))));
  return (statSync(fileOf(library), { throwIfNoEntry: false })?.mtimeMs ?? 0) > changed;
}

function findCompiler(): string | null {
  const candidates = [process.env['CC'], 'cc', 'gcc', 'clang'].filter((name) => name !== undefined && name !== '');
  return candidates.find((name) => spawnSync(String(name), ['--version'], { stdio: 'ignore' }).status === 0) ?? null;
}

/** Under another name first: a second build, or a program that has the library loaded, then always sees a complete file. */
function compile(compiler: string, link: string[], library: Library): NativeBuild {
  if (!isWritable(existsSync(BUILD) ? BUILD : NATIVE)) return { state: 'missing', why: `${NATIVE} cannot be written to by this user` };
  const target = `${fileOf(library)}.${process.pid}`;
  const files = library.folders.flatMap((folder) => readdirSync(join(NATIVE, folder)).map((name) => join(NATIVE, folder, name)));
  const sources = files.filter((name) => name.endsWith('.c'));
  mkdirSync(BUILD, { recursive: true });
  const run = spawnSync(compiler, [...COMMON, `-I${NATIVE}`, ...link, ...sources, '-o', target], { encoding: 'utf8' });
  if (run.status === 0) {
    renameSync(target, fileOf(library));
    return { state: 'built' };
  }
  rmSync(target, { force: true });
  const reason = /error: .*|undefined .*/.exec(run.stderr ?? '')?.[0] ?? `status ${run.status}`;
  return { state: 'missing', why: `${compiler} failed: ${reason}` };
}
