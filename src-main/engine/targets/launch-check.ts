import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Facts, Interpreter, LaunchProblem, LaunchSpec } from '../../../src-preload/contract/index.ts';
import { HeapscopeError, toErrorData } from '../base/errors.ts';
import { isDirectory, statOf } from './find-program.ts';
import { checkInterpreter, firstInterpreter } from './interpreters.ts';
import { planLaunch, workingDirectory } from './launch-plan.ts';

export interface LaunchCheckOptions {
  env: NodeJS.ProcessEnv;
  /** Default: from `env`. */
  home?: string;
  signal?: AbortSignal;
}

const INTERVAL_MIN = 10;
const INTERVAL_MAX = 60_000;

/** All problems of a specification, found without running anything; empty when there are none. */
export async function checkLaunch(spec: LaunchSpec, options: LaunchCheckOptions): Promise<LaunchProblem[]> {
  const problems: LaunchProblem[] = [
    ...checkDirectory(spec, options),
    ...checkEnvironment(spec),
    ...checkArguments(spec),
    ...checkInterval(spec),
  ];
  const interpreter = await chooseInterpreter(spec, options).catch((thrown: unknown) => {
    if (!(thrown instanceof HeapscopeError)) throw thrown;
    problems.push({ field: 'interpreter', error: toErrorData(thrown) });
    return null;
  });
  if (interpreter !== null && interpreter.support !== 'full') {
    problems.push(
      problem('interpreter', new HeapscopeError('interpreter.unsupported', { path: interpreter.path, version: interpreter.version })),
    );
  }
  problems.push(...checkTarget(spec, interpreter, options));
  return problems;
}

/**
 * The interpreter of a specification: the one named, else the first supported one found, else the first one found. null: a command runs as it is, without an interpreter.
 * @throws interpreter.none, interpreter.missing, interpreter.not-python, interpreter.crashed
 */
export async function chooseInterpreter(spec: LaunchSpec, options: LaunchCheckOptions): Promise<Interpreter | null> {
  const cwd = workingDirectory(spec, options);
  if (spec.interpreter !== '') return checkInterpreter(spec.interpreter, { cwd, env: options.env, signal: options.signal });
  if (spec.mode === 'command') return null;
  const chosen = await firstInterpreter({ cwd, env: options.env, home: options.home ?? homedir(), signal: options.signal });
  if (chosen === null) throw new HeapscopeError('interpreter.none');
  return chosen;
}

function problem(field: LaunchProblem['field'], error: HeapscopeError): LaunchProblem {
  return { field, error: toErrorData(error) };
}

function checkDirectory(spec: LaunchSpec, options: LaunchCheckOptions): LaunchProblem[] {
  const cwd = workingDirectory(spec, options);
  return isDirectory(cwd) ? [] : [problem('cwd', new HeapscopeError('launch.directory-missing', { path: cwd }))];
}

function checkEnvironment(spec: LaunchSpec): LaunchProblem[] {
  return Object.entries(spec.env)
    .filter(([name, value]) => name === '' || /[=\0]/.test(name) || (value?.includes('\0') ?? false))
    .map(([name]) => problem('env', new HeapscopeError('launch.environment-malformed', { name })));
}

function checkArguments(spec: LaunchSpec): LaunchProblem[] {
  const bad = spec.args.find((arg) => arg.includes('\0'));
  return bad === undefined
    ? []
    : [problem('args', new HeapscopeError('launch.command-malformed', { command: bad, detail: 'null-character' }))];
}

function checkInterval(spec: LaunchSpec): LaunchProblem[] {
  if (spec.intervalMs >= INTERVAL_MIN && spec.intervalMs <= INTERVAL_MAX) return [];
  return [problem('interval', new HeapscopeError('call.invalid', { method: 'launch.check', detail: 'intervalMs' }))];
}

function checkTarget(spec: LaunchSpec, interpreter: Interpreter | null, options: LaunchCheckOptions): LaunchProblem[] {
  const { target } = spec;
  if (target.includes('\0'))
    return [problem('target', new HeapscopeError('launch.command-malformed', { command: target, detail: 'null-character' }))];
  if (spec.mode === 'script') return checkScript(target, workingDirectory(spec, options));
  if (target.trim() === '') return [problem('target', new HeapscopeError('launch.command-empty'))];
  if (spec.mode === 'module') return checkModule(target);
  return spec.mode === 'command' ? checkCommand(spec, interpreter, options) : [];
}

/** A file, or a folder with a `__main__.py`, which Python runs like one. */
function checkScript(target: string, cwd: string): LaunchProblem[] {
  const missing = (facts: Facts): LaunchProblem[] => [problem('target', new HeapscopeError('launch.script-missing', facts))];
  if (target === '') return missing({ path: '' });
  const file = path.resolve(cwd, target);
  const stat = statOf(file);
  if (stat?.isDirectory() === true) return existsSync(path.join(file, '__main__.py')) ? [] : missing({ path: file, detail: 'folder' });
  if (stat !== null) return [];
  return missing(beginsWithFile(target, cwd) ? { path: file, detail: 'arguments' } : { path: file });
}

/** `app.py --fast`: the beginning is a script, what follows are arguments. */
function beginsWithFile(target: string, cwd: string): boolean {
  const spaces = [...target.matchAll(/\s+/g)].map(({ index }) => index);
  return spaces.some((at) => statOf(path.resolve(cwd, target.slice(0, at)))?.isFile() === true);
}

function checkModule(target: string): LaunchProblem[] {
  if (/^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+)*$/u.test(target)) return [];
  return [problem('target', new HeapscopeError('launch.command-malformed', { command: target, detail: 'module-name' }))];
}

function checkCommand(spec: LaunchSpec, interpreter: Interpreter | null, options: LaunchCheckOptions): LaunchProblem[] {
  try {
    planLaunch(spec, { interpreter, agent: null, env: options.env, home: options.home });
    return [];
  } catch (thrown) {
    if (thrown instanceof HeapscopeError) return [problem('target', thrown)];
    throw thrown;
  }
}
