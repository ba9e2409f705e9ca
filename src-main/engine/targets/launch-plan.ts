import path from 'node:path';
import type { Interpreter, LaunchSpec } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { quoteWord, splitCommandLine } from './command-line.ts';
import { cleanEnvironment } from './environment.ts';
import { findProgram, pathKey } from './find-program.ts';
import type { Starter } from './target.ts';
import type { KeeperPlan } from './terminal-keeper.ts';

/** What the operating system gets: every path is resolved. */
export interface LaunchPlan {
  /** Absolute path of the program. */
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** null: terminal and output close when the engine is killed. */
  keeper: KeeperPlan | null;
}

/** How the agent is injected into the program. */
export interface AgentPlan {
  /** Folder of the agent's `sitecustomize.py`; comes first on PYTHONPATH. */
  bootstrap: string;
  /** Value of HEAPSCOPE_LINK, see `python-agent/PROTOCOL.md`. */
  link: string;
}

/** Set for us, or for one program: its agent does not use the C core. */
const NO_CORE = 'HEAPSCOPE_NO_CORE';

export interface PlanOptions {
  /** null: only in `command` mode, where PATH then stays as it is. */
  interpreter: Interpreter | null;
  agent: AgentPlan | null;
  /** Our own environment; variables that are not the user's are removed. */
  env: NodeJS.ProcessEnv;
  /** The user's home, used if the specification has no working directory. Default: from `env`. */
  home?: string;
  /** null: nothing keeps the program's output when we are killed. */
  keeper?: KeeperPlan | null;
  /** Default `pty`. */
  terminal?: Starter;
}

/**
 * Turns a launch specification into the process to start.
 * @throws interpreter.none, launch.command-empty, launch.command-malformed, launch.command-missing
 */
export function planLaunch(spec: LaunchSpec, options: PlanOptions): LaunchPlan {
  const cwd = workingDirectory(spec, options);
  const env = targetEnvironment(spec, options);
  const { interpreter, keeper = null } = options;
  return { ...programOf(spec, interpreter, env, cwd, homeOf(options)), cwd, env, keeper };
}

function homeOf({ env, home }: { env: NodeJS.ProcessEnv; home?: string }): string {
  return home ?? env['HOME'] ?? env['USERPROFILE'] ?? process.cwd();
}

/** The folder the program starts in: the one asked for, else the user's home. */
export function workingDirectory(spec: LaunchSpec, options: { env: NodeJS.ProcessEnv; home?: string }): string {
  const home = homeOf(options);
  return spec.cwd === '' ? home : path.resolve(home, spec.cwd);
}

/** The environment of the program; its PATH is searched for a command. */
function targetEnvironment(spec: LaunchSpec, options: PlanOptions): Record<string, string> {
  const terminal = options.terminal ?? 'pty';
  const env = cleanEnvironment(options.env, { terminal });
  if (terminal === 'pty') Object.assign(env, { TERM: 'xterm-256color', COLORTERM: 'truecolor' });
  for (const [name, value] of Object.entries(spec.env)) {
    if (value === null) delete env[name];
    else env[name] = value;
  }
  if (spec.mode === 'command' && options.interpreter !== null) activate(env, options.interpreter);
  if (options.agent !== null) addAgent(env, options.agent, options.env[NO_CORE]);
  return env;
}

/** For the command the interpreter's environment looks as if it had been activated in a shell. */
function activate(env: Record<string, string>, interpreter: Interpreter): void {
  const key = pathKey(env);
  const folder = path.dirname(interpreter.path);
  env[key] = env[key] ? folder + path.delimiter + env[key] : folder;
  if (interpreter.environment === null || interpreter.source === 'conda') return;
  env['VIRTUAL_ENV'] = interpreter.environment;
  delete env['PYTHONHOME'];
}

function addAgent(env: Record<string, string>, agent: AgentPlan, noCore: string | undefined): void {
  // An empty entry would put the working directory on sys.path.
  env['PYTHONPATH'] = env['PYTHONPATH'] ? agent.bootstrap + path.delimiter + env['PYTHONPATH'] : agent.bootstrap;
  env['HEAPSCOPE_LINK'] = agent.link;
  if (noCore) env[NO_CORE] ??= noCore;
}

function programOf(
  spec: LaunchSpec,
  interpreter: Interpreter | null,
  env: NodeJS.ProcessEnv,
  cwd: string,
  home: string,
): { file: string; args: string[] } {
  if (spec.mode === 'command') return commandOf(spec.target, env, cwd, home);
  if (interpreter === null) throw new HeapscopeError('interpreter.none');
  return { file: interpreter.path, args: [...pythonArguments(spec), ...spec.args] };
}

/** A program below `~` is found as in a shell; what follows it is passed as it is. */
function commandOf(command: string, env: NodeJS.ProcessEnv, cwd: string, home: string): { file: string; args: string[] } {
  const [name, ...args] = splitCommandLine(command);
  const file = findProgram(name!.startsWith('~/') ? path.join(home, name!.slice(2)) : name!, env, cwd);
  if (file === null) throw new HeapscopeError('launch.command-missing', { command: name! });
  return { file, args };
}

function pythonArguments(spec: LaunchSpec): string[] {
  if (spec.mode === 'module') return ['-m', spec.target];
  if (spec.mode === 'code') return ['-c', spec.target];
  // Python would read a script named "-x.py" as options.
  return [spec.target.startsWith('-') ? `./${spec.target}` : spec.target];
}

const LINE_LIMIT = 200;

/** One line for people: what runs. `app/leak.py --n 3`, `-m http.server`, `-c import x…`, `pytest -k x`. */
export function describeLaunch(spec: LaunchSpec): string {
  if (spec.mode === 'command') return oneLine(spec.target);
  const args = spec.args.map(quoteWord);
  if (spec.mode === 'module') return oneLine(['-m', spec.target, ...args].join(' '));
  if (spec.mode === 'code') return oneLine(['-c', spec.target.trim(), ...args].join(' '));
  return oneLine([quoteWord(shortPath(spec.target, spec.cwd)), ...args].join(' '));
}

function shortPath(target: string, cwd: string): string {
  if (cwd === '' || !path.isAbsolute(target)) return target;
  const relative = path.relative(cwd, target);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? target : relative;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LINE_LIMIT ? line : `${line.slice(0, LINE_LIMIT - 1)}…`;
}
