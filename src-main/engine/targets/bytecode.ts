import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Interpreter } from '../../../src-preload/contract/index.ts';
import { cleanEnvironment } from './environment.ts';
import { isWritable } from './find-program.ts';

const TIMEOUT_MS = 20_000;
/** What a start imports, with all that it may import later. */
const FOLDERS = ['heapscope_agent', 'bootstrap'];

interface CompileOptions {
  /** A pyenv shim runs the version chosen for this folder. */
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Compiles the agent for an interpreter, once: a program that may write no bytecode (PYTHONDONTWRITEBYTECODE) would compile it at each start,
 * which takes three times as long. Settles when it is done, or cannot be: the program starts either way.
 */
export async function compileAgent(agentFolder: string, interpreter: Interpreter | null, options: CompileOptions): Promise<void> {
  const tag = cacheTag(interpreter);
  const agent = path.join(agentFolder, 'heapscope_agent');
  if (interpreter === null || tag === null || existsSync(path.join(agent, '__pycache__', `lifecycle.${tag}.pyc`))) return;
  if (isWritable(agent)) await compileBy(interpreter.path, agentFolder, options);
}

/** What is compiled already, from these very sources, Python leaves as it is. Settles in any case. */
export function compileBy(python: string, agentFolder: string, { cwd, env }: CompileOptions): Promise<void> {
  const folders = FOLDERS.map((folder) => path.join(agentFolder, folder));
  const settings = { cwd, env: cleanEnvironment(env, { terminal: 'pipes' }), timeout: TIMEOUT_MS };
  return new Promise((resolve) => {
    execFile(python, ['-I', '-m', 'compileall', '-q', ...folders], settings, () => resolve());
  });
}

/** As `sys.implementation.cache_tag`; null: not known. */
function cacheTag(interpreter: Interpreter | null): string | null {
  const version = /^(\d+)\.(\d+)/.exec(interpreter?.version ?? '');
  if (version === null || interpreter?.implementation !== 'cpython') return null;
  return `cpython-${version[1]}${version[2]}${interpreter.freeThreaded ? 't' : ''}`;
}
