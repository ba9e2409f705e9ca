import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Interpreter } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { findProgram, isDirectory, statOf } from './find-program.ts';
import { interpreterOf, listCandidates } from './interpreter-candidates.ts';
import type { Candidate } from './interpreter-candidates.ts';
import { probeInterpreter, startsAsScript } from './interpreter-probe.ts';
import type { InterpreterFacts, ProbeOptions } from './interpreter-probe.ts';
import { inParallel } from './in-parallel.ts';

export interface FindOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  home: string;
  signal?: AbortSignal;
}

/** The versions of CPython that the agent knows; both ends included. */
const SUPPORTED = { from: [3, 9], to: [3, 15] } as const;

const PROBES_AT_ONCE = 4;
/** For the one that the user named: longer than a cold start from a network drive takes. */
const NAMED_TIMEOUT_MS = 20_000;
const RANKS: Candidate['rank'][] = ['active', 'project', 'active-conda', 'path', 'other'];

/** Answers by file, modification time and size; shims and failures are probed again, since their answer depends on more. */
const answers = new Map<string, InterpreterFacts>();

/**
 * Every Python on this machine, each once: the active virtual environment, the project's, those on PATH in its order,
 * then all others by version, newest first. One that does not run is listed with `support: 'broken'`; a file that turns out not to be Python is left out.
 * @throws AbortError
 */
export async function findInterpreters(options: FindOptions): Promise<Interpreter[]> {
  const cwd = isDirectory(options.cwd) ? options.cwd : options.home;
  const candidates = withoutLinkedDoubles(listCandidates({ ...options, cwd }));
  const found = await inParallel(candidates, PROBES_AT_ONCE, (candidate) => probe(candidate, { ...options, cwd }));
  return sorted(withoutDoubles(found.filter((each) => each !== null))).map((each) => each.interpreter);
}

/**
 * The first supported one of `findInterpreters`, without probing all of them: a machine
 * with a dozen Pythons takes seconds for that. null: there is none.
 * @throws AbortError
 */
export async function firstInterpreter(options: FindOptions): Promise<Interpreter | null> {
  const cwd = isDirectory(options.cwd) ? options.cwd : options.home;
  const inOrder = listCandidates({ ...options, cwd }).filter((candidate) => candidate.rank !== 'other');
  for (const candidate of inOrder) {
    const found = await probe(candidate, { ...options, cwd });
    if (found?.interpreter.support === 'full') return found.interpreter;
  }
  const all = await findInterpreters(options);
  return all.find((each) => each.support === 'full') ?? all.find((each) => each.support !== 'broken') ?? null;
}

/** Forgets all answers, for "Search again". */
export function clearInterpreterCache(): void {
  answers.clear();
}

/**
 * Probes one interpreter named by the user: a path, the folder of an environment, or a name to find on PATH. For an unsupported one, `support` gives the reason.
 * @throws interpreter.missing, interpreter.not-python, interpreter.crashed, AbortError
 */
export async function checkInterpreter(named: string, options: Partial<ProbeOptions> = {}): Promise<Interpreter> {
  const probe = { cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env, signal: options.signal };
  const cwd = isDirectory(probe.cwd) ? probe.cwd : path.parse(process.cwd()).root;
  const file = locate(named, cwd, probe.env);
  const facts = await factsOf(file, { ...probe, cwd, timeoutMs: NAMED_TIMEOUT_MS });
  return toInterpreter({ path: file, source: 'named', rank: 'other' }, facts);
}

function locate(named: string, cwd: string, env: NodeJS.ProcessEnv): string {
  if (named.trim() === '') throw new HeapscopeError('interpreter.missing', { path: named });
  const file = path.resolve(cwd, named);
  if (isDirectory(file)) return interpreterOf(file) ?? file;
  return findProgram(named, env, cwd) ?? file;
}

interface Found {
  candidate: Candidate;
  interpreter: Interpreter;
  /** The executable and its environment: equal for two paths to the same Python. */
  identity: string;
}

async function probe(candidate: Candidate, options: ProbeOptions): Promise<Found | null> {
  try {
    const facts = await factsOf(candidate.path, options);
    return { candidate, interpreter: toInterpreter(candidate, facts), identity: identityOf(candidate.path, facts) };
  } catch (thrown) {
    if (!(thrown instanceof HeapscopeError)) throw thrown;
    if (thrown.code === 'interpreter.not-python') return null;
    return { candidate, interpreter: broken(candidate), identity: candidate.path };
  }
}

async function factsOf(file: string, options: ProbeOptions): Promise<InterpreterFacts> {
  const key = cacheKey(file);
  const known = key === null ? undefined : answers.get(key);
  if (known !== undefined) return known;
  const facts = await probeInterpreter(file, options);
  if (key !== null) answers.set(key, facts);
  return facts;
}

/** Includes the environment's marker file: the environment may have been recreated around the same interpreter. */
function cacheKey(file: string): string | null {
  const stat = statOf(file);
  if (stat === null || startsAsScript(file)) return null;
  const config = statOf(path.join(path.dirname(path.dirname(file)), 'pyvenv.cfg'));
  return [file, stat.mtimeMs, stat.size, config?.mtimeMs ?? ''].join('\0');
}

function toInterpreter(candidate: Candidate, facts: InterpreterFacts): Interpreter {
  // A shim is shown as the interpreter it runs: it may choose another one in another folder.
  const shim = facts.executable !== '' && startsAsScript(candidate.path);
  const suffix = facts.level === 'final' ? '' : ` ${facts.level}`;
  return {
    path: shim ? facts.executable : candidate.path,
    version: facts.version.join('.') + suffix,
    implementation: facts.implementation,
    source: candidate.source,
    support: supportOf(facts),
    freeThreaded: facts.freeThreaded,
    environment: environmentOf(facts),
  };
}

function broken(candidate: Candidate): Interpreter {
  return {
    path: candidate.path,
    version: null,
    implementation: null,
    source: candidate.source,
    support: 'broken',
    freeThreaded: false,
    environment: null,
  };
}

function supportOf({ implementation, version: [major, minor] }: InterpreterFacts): Interpreter['support'] {
  if (implementation !== 'cpython') return 'not-cpython';
  if (major < SUPPORTED.from[0] || (major === SUPPORTED.from[0] && minor < SUPPORTED.from[1])) return 'too-old';
  if (major > SUPPORTED.to[0] || (major === SUPPORTED.to[0] && minor > SUPPORTED.to[1])) return 'too-new';
  return 'full';
}

function environmentOf(facts: InterpreterFacts): string | null {
  if (facts.prefix !== facts.basePrefix) return facts.prefix;
  return isDirectory(path.join(facts.prefix, 'conda-meta')) ? facts.prefix : null;
}

function identityOf(file: string, facts: InterpreterFacts): string {
  return `${realPath(facts.executable || file)}\0${environmentOf(facts) ?? ''}`;
}

/** Avoids probing the same program twice: same real file, and no environment of its own around the link. */
function withoutLinkedDoubles(candidates: Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter((candidate) => {
    const home = path.dirname(path.dirname(candidate.path));
    const own = statOf(path.join(home, 'pyvenv.cfg')) === null ? '' : realPath(home);
    const key = `${realPath(candidate.path)}\0${own}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function withoutDoubles(found: Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ identity }) => !seen.has(identity) && seen.add(identity));
}

function sorted(found: Found[]): Found[] {
  return found
    .map((each, at) => ({ each, at, rank: RANKS.indexOf(each.candidate.rank) }))
    .sort((a, b) => a.rank - b.rank || (a.each.candidate.rank === 'other' ? newestFirst(a.each, b.each) : 0) || a.at - b.at)
    .map(({ each }) => each);
}

function newestFirst(a: Found, b: Found): number {
  const parts = (each: Found): number[] => (each.interpreter.version ?? '0').split(/[. ]/).slice(0, 3).map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (right[i] ?? 0) - (left[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
