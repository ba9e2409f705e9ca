import type { Facts, ProcessId, SessionId } from '../../../src-preload/contract/index.ts';
import type { CommandName } from '../agent-link/agent-connection.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { ProcessBook, Tracked } from './process-book.ts';

/** The answer of one process. */
export interface Answer {
  tracked: Tracked;
  result: Record<string, unknown>;
}

/**
 * Sends one command to every process with an agent, in parallel. Failures of some do not discard the others' answers: only when all fail is
 * the first failure thrown. Throws `recording.no-agent` where no process has one.
 */
export async function commandAll(
  book: Pick<ProcessBook, 'alive'>,
  session: SessionId,
  name: CommandName,
  args: Record<string, unknown>,
): Promise<Answer[]> {
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

/** The result of a full collection in every process with an agent; each is an event of its process. */
export async function collectAll(
  book: Pick<ProcessBook, 'alive'>,
  session: SessionId,
  event: (process: ProcessId, facts: Facts) => void,
): Promise<{ processes: number; collected: number; uncollectable: number }> {
  const sum = { processes: 0, collected: 0, uncollectable: 0 };
  for (const { tracked, result } of await commandAll(book, session, 'collect', {})) {
    const collected = numberIn(result, 'collected');
    const uncollectable = numberIn(result, 'uncollectable');
    sum.processes += 1;
    sum.collected += collected;
    sum.uncollectable += uncollectable;
    event(tracked.row.id, { pid: tracked.row.pid, collected, uncollectable, duration: numberIn(result, 'duration') * 1000 });
  }
  return sum;
}

/** A number from an agent's answer; 0 if it is not one. */
function numberIn(result: Record<string, unknown>, key: string): number {
  const value = result[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
