import type { CommandName } from '../agent-link/agent-connection.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { ProcessBook, Tracked } from './process-book.ts';

/** What one process answered. */
export interface Answer {
  tracked: Tracked;
  result: Record<string, unknown>;
}

/**
 * One command to every process with an agent, side by side. What some could not do does not keep the others' answers:
 * only when none could is the first failure thrown. Throws `recording.no-agent` where no process has one.
 */
export async function commandAll(book: ProcessBook, session: number, name: CommandName, args: Record<string, unknown>): Promise<Answer[]> {
  const asked = [...book.alive].flatMap((tracked) => (tracked.connection ? [{ tracked, connection: tracked.connection }] : []));
  if (asked.length === 0) throw new HeapscopeError('recording.no-agent', { session });
  const settled = await Promise.allSettled(
    asked.map(async ({ tracked, connection }) => ({ tracked, result: await connection.command(name, args) })),
  );
  const answers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failure = settled.find((each) => each.status === 'rejected');
  if (answers.length === 0 && failure) throw failure.reason;
  return answers;
}

/** A number of an agent's answer; 0 where it is none. */
export function numberIn(result: Record<string, unknown>, key: string): number {
  const value = result[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
