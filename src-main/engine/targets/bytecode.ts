import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { Interpreter } from '../../../src-preload/contract/index.ts';

const TIMEOUT_MS = 10_000;
/** Of both, every start needs the first, and a cache has either all files or none. */
const FOLDERS = ['heapscope_agent', 'bootstrap'];

/**
 * Compiles the agent for an interpreter, once: a program that may write no bytecode (PYTHONDONTWRITEBYTECODE) would compile it at each start,
 * which takes three times as long. Settles when it is done, or cannot be: the program starts either way.
 */
export async function compileAgent(agentFolder: string, interpreter: Interpreter | null): Promise<void> {
  const tag = cacheTag(interpreter);
  const [agent = '', ...others] = FOLDERS.map((folder) => path.join(agentFolder, folder));
  if (interpreter === null || tag === null || existsSync(path.join(agent, '__pycache__', `lifecycle.${tag}.pyc`))) return;
  if (!isWritable(agent)) return;
  await new Promise<void>((resolve) => {
    execFile(interpreter.path, ['-I', '-m', 'compileall', '-q', agent, ...others], { timeout: TIMEOUT_MS, env: {} }, () => resolve());
  });
}

/** As `sys.implementation.cache_tag`; null: not known. */
function cacheTag(interpreter: Interpreter | null): string | null {
  const version = /^(\d+)\.(\d+)/.exec(interpreter?.version ?? '');
  if (version === null || interpreter?.implementation !== 'cpython') return null;
  return `cpython-${version[1]}${version[2]}${interpreter.freeThreaded ? 't' : ''}`;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
