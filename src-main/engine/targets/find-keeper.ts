import { homedir } from 'node:os';
import type { Interpreter } from '../../../src-preload/contract/index.ts';
import { isExecutable } from './find-program.ts';
import { startsAsScript } from './interpreter-probe.ts';
import { firstInterpreter } from './interpreters.ts';
import type { KeeperPlan } from './terminal-keeper.ts';

/** Tried first, since they need no probe. */
const OF_THE_SYSTEM = ['/usr/bin/python3', '/usr/local/bin/python3'];

/**
 * The Python that runs a program's keeper: the program's own interpreter, else any Python of this machine, since the program need not be
 * Python. null: there is none.
 */
export async function findKeeper(
  folder: string,
  interpreter: Interpreter | null,
  o: { cwd: string; env: NodeJS.ProcessEnv; home?: string },
): Promise<KeeperPlan | null> {
  if (process.platform === 'win32') return null;
  const known = interpreter?.path ?? OF_THE_SYSTEM.find((file) => isExecutable(file) && !startsAsScript(file));
  const python = known ?? (await firstInterpreter({ cwd: o.cwd, env: o.env, home: o.home ?? homedir() }))?.path;
  return python === undefined ? null : { python, folder };
}
