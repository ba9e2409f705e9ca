import type { ErrorCode, ErrorData, Facts } from '../../../src-preload/contract/index.ts';
import { openFilesAtMost } from './open-files.ts';

/** A failed operation, as data. The window turns it into a message; `cause` is for the log only and never crosses a process border. */
export class HeapscopeError extends Error {
  override readonly name = 'HeapscopeError';
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(code: ErrorCode, facts: Facts = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(facts)}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
  }
}

/**
 * What crosses a process border for anything that was thrown. Unknown errors are defects of ours, `internal`, except for a lack of
 * descriptors.
 */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof HeapscopeError) return { code: thrown.code, facts: thrown.facts };
  if (thrown instanceof Error && thrown.name === 'AbortError') return { code: 'call.cancelled', facts: {} };
  const system = systemCode(thrown);
  if (system === 'EMFILE' || system === 'ENFILE') return { code: 'machine.open-files', facts: { most: openFilesAtMost() } };
  return { code: 'internal', facts: { detail: messageOf(thrown) } };
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a Node system error ("ENOENT"), or null. */
export function systemCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}
