import type { LaunchSpec } from './launch.ts';
import type { Milliseconds } from './units.ts';

/**
 * How a session came to be. `launched`: its program was started for it. `attached`: its program ran already. `imported`:
 * something else measured it; `format` names what wrote the file `from`.
 */
export type SessionOrigin =
  | { kind: 'launched'; spec: LaunchSpec }
  | { kind: 'attached'; pid: number; intervalMs: Milliseconds }
  | { kind: 'imported'; format: string; from: string };

/** What would run the program again; null: nothing that we started. */
export function launchOf({ origin }: { origin: SessionOrigin }): LaunchSpec | null {
  return origin.kind === 'launched' ? origin.spec : null;
}

/** Between two samples; null: not known. */
export function intervalOf({ origin }: { origin: SessionOrigin }): Milliseconds | null {
  if (origin.kind === 'imported') return null;
  return origin.kind === 'launched' ? origin.spec.intervalMs : origin.intervalMs;
}
