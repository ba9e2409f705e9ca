import type { Empty } from '../calls.ts';
import type { Interpreter, LaunchProblem, LaunchSpec, RecentLaunch, Sample } from '../launch.ts';

/** Choosing what to start. */
export interface LaunchMethods {
  /**
   * The folder's own environments are among them (asking one who it is starts it) where the user has named the folder
   * (`confirmed`) or has started something there before; else only the machine's.
   */
  'interpreters.list': { args: { cwd: string; refresh: boolean; confirmed: boolean }; result: Interpreter[] };
  'interpreters.check': { args: { path: string }; result: Interpreter };
  /** As for `recording.start`: what nobody has confirmed is not even looked at, since asking an interpreter starts it. */
  'launch.check': { args: { spec: LaunchSpec; confirmed: boolean }; result: LaunchProblem[] };
  'launch.recents': { args: Empty; result: RecentLaunch[] };
  'launch.forget': { args: { id: number }; result: Empty };
  'launch.samples': { args: Empty; result: Sample[] };
}
