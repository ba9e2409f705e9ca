import { execFile } from 'node:child_process';
import type { ExecFileException } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { HeapscopeError, systemCode } from '../base/errors.ts';
import { cleanEnvironment } from './environment.ts';
import { isExecutable, statOf } from './find-program.ts';

/** What an interpreter reports about itself. */
export interface InterpreterFacts {
  executable: string;
  version: [number, number, number];
  /** Release level: "final", "candidate", … */
  level: string;
  /** "cpython", "pypy" */
  implementation: string;
  freeThreaded: boolean;
  prefix: string;
  basePrefix: string;
}

export interface ProbeOptions {
  /** A pyenv shim runs the version chosen for this folder. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** How long it may take to answer. */
  timeoutMs?: number;
}

/** For one of many: a hanging one is given up. */
const TIMEOUT_MS = 5000;
/** Printed around the answer, since a site's start-up files may print too. */
const MARKER = '\u0001heapscope\u0001';

/** Runs on Python 2.7 too, so that an old interpreter is recognised as one. */
const QUESTION = `
import sys, json
try: import sysconfig; ft = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
except Exception: ft = False
i = getattr(sys, "implementation", None)
n = i.name if i else ("pypy" if "__pypy__" in sys.builtin_module_names else "cpython")
sys.stdout.write("${MARKER.replaceAll('\u0001', '\\x01')}" + json.dumps([sys.executable, list(sys.version_info[:3]), sys.version_info[3],
  n, ft, sys.prefix, getattr(sys, "base_prefix", sys.prefix)]) + "${MARKER.replaceAll('\u0001', '\\x01')}")
`;

/**
 * Runs an interpreter in isolated mode and reads what it reports about itself.
 * @throws interpreter.missing, interpreter.not-python, interpreter.crashed, AbortError
 */
export async function probeInterpreter(file: string, options: ProbeOptions): Promise<InterpreterFacts> {
  const refusal = refuse(file);
  if (refusal !== null) throw refusal;
  const first = await run(file, ['-I', '-B', '-c', QUESTION], options);
  // Python 2 has no -I; without it the working directory comes first on sys.path, and may contain a json.py.
  const old = first.error !== null && /[Uu]nknown option: -I/.test(first.stderr);
  const answer = old ? await run(file, ['-E', '-s', '-B', '-c', `import sys; sys.path[:1] = []\n${QUESTION}`], options) : first;
  const facts = parseAnswer(answer.stdout);
  if (facts !== null) return facts;
  throw failure(file, answer);
}

function refuse(file: string): HeapscopeError | null {
  const stat = statOf(file);
  if (stat === null) return new HeapscopeError('interpreter.missing', { path: file });
  if (stat.isDirectory()) return new HeapscopeError('interpreter.not-python', { path: file, detail: 'directory' });
  if (!isExecutable(file)) return new HeapscopeError('interpreter.not-python', { path: file, detail: 'not-executable' });
  return null;
}

interface Answer {
  error: ExecFileException | null;
  stdout: string;
  stderr: string;
}

function run(file: string, args: string[], options: ProbeOptions): Promise<Answer> {
  const env = cleanEnvironment(options.env, { terminal: 'pipes' });
  return new Promise((resolve, reject) => {
    const settings = {
      cwd: options.cwd,
      env,
      timeout: options.timeoutMs ?? TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 20,
      signal: options.signal,
      encoding: 'utf8',
    } as const;
    const child = execFile(file, args, settings, (error, stdout, stderr) => {
      if (options.signal?.aborted) reject(new DOMException('aborted', 'AbortError'));
      else resolve({ error, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });
}

function parseAnswer(stdout: string): InterpreterFacts | null {
  const parts = stdout.split(MARKER);
  if (parts.length !== 3) return null;
  let values: unknown;
  try {
    values = JSON.parse(parts[1]!);
  } catch {
    return null;
  }
  if (!Array.isArray(values)) return null;
  const [executable, version, level, implementation, freeThreaded, prefix, basePrefix] = values as unknown[];
  if (!isVersion(version) || typeof implementation !== 'string' || typeof prefix !== 'string') return null;
  return {
    executable: typeof executable === 'string' ? executable : '',
    version,
    level: String(level),
    implementation,
    freeThreaded: freeThreaded === true,
    prefix,
    basePrefix: typeof basePrefix === 'string' ? basePrefix : prefix,
  };
}

function isVersion(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'number');
}

/** A program that is named like Python, or a native program that died, has crashed; anything else was not Python. */
function failure(file: string, { error, stderr }: Answer): HeapscopeError {
  const detail = withoutQuestion(stderr).slice(-3).join('\n').slice(0, 400);
  if (error === null) return new HeapscopeError('interpreter.not-python', { path: file, detail });
  if (systemCode(error) === 'ENOENT') return new HeapscopeError('interpreter.missing', { path: file });
  const signal = error.signal ?? null;
  const exitCode = typeof error.code === 'number' ? error.code : null;
  const timedOut = error.killed === true && signal === 'SIGKILL';
  if (timedOut) return new HeapscopeError('interpreter.crashed', { path: file, exitCode, signal: null, detail: 'timeout' });
  if (exitCode === null && signal === null)
    return new HeapscopeError('interpreter.not-python', { path: file, detail: systemCode(error) ?? '' });
  if (signal !== null || looksLikePython(file)) return new HeapscopeError('interpreter.crashed', { path: file, exitCode, signal, detail });
  return new HeapscopeError('interpreter.not-python', { path: file, detail });
}

const QUESTION_LINES = QUESTION.split('\n').map((line) => line.trim());

/** Lines of what a program said, without those that quote our question: they tell nothing about the program. */
function withoutQuestion(said: string): string[] {
  const quotes = (line: string): boolean =>
    line.includes('<string>') || QUESTION_LINES.some((asked) => asked !== '' && line.includes(asked));
  return said.split('\n').filter((line) => line.trim() !== '' && !quotes(line));
}

function looksLikePython(file: string): boolean {
  return /python|pypy/i.test(path.basename(file)) && !startsAsScript(file);
}

/** `#!`: a shim or a wrapper script, not an interpreter. */
export function startsAsScript(file: string): boolean {
  const bytes = Buffer.alloc(2);
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, 'r');
    return readSync(descriptor, bytes, 0, 2, 0) === 2 && bytes.toString('latin1') === '#!';
  } catch {
    return false;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
