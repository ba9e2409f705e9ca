import type { Empty } from '../calls.ts';
import type { Interpreter, LaunchProblem, LaunchSpec, RecentLaunch, Sample } from '../launch.ts';

/** Choosing what to start. */
export interface LaunchMethods {
  /**
   * Includes the folder's own environments (probing one runs it) if the user has named the folder (`confirmed`) or has started something
   * there before; otherwise only the machine's.
   */
  'interpreters.list': { args: { cwd: string; refresh: boolean; confirmed: boolean }; result: Interpreter[] };
  'interpreters.check': { args: { path: string }; result: Interpreter };
  /** As for `recording.start`: an unconfirmed specification is not inspected, since probing its interpreter runs it. */
  'launch.check': { args: { spec: LaunchSpec; confirmed: boolean }; result: LaunchProblem[] };
  'launch.recents': { args: Empty; result: RecentLaunch[] };
  'launch.forget': { args: { id: number }; result: Empty };
  'launch.samples': { args: Empty; result: Sample[] };
}
