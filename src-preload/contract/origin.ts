import type { LaunchSpec } from './launch.ts';
import type { Milliseconds } from './units.ts';

/**
 * The origin of a session. `launched`: its program was started for it. `attached`: its program was already running. `imported`: another
 * tool measured it; `format` is the format of the file `from`.
 */
export type SessionOrigin =
  | { kind: 'launched'; spec: LaunchSpec }
  | { kind: 'attached'; pid: number; intervalMs: Milliseconds }
  | { kind: 'imported'; format: string; from: string };

/** The specification to run the program again; null: we did not start it. */
export function launchOf({ origin }: { origin: SessionOrigin }): LaunchSpec | null {
  return origin.kind === 'launched' ? origin.spec : null;
}

/** Time between two samples; null: unknown. */
export function intervalOf({ origin }: { origin: SessionOrigin }): Milliseconds | null {
  if (origin.kind === 'imported') return null;
  return origin.kind === 'launched' ? origin.spec.intervalMs : origin.intervalMs;
}
