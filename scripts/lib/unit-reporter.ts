import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

/** Vitest's own report does not have errors outside of tests: of a worker that died, with its signal and the file it was at. */
export default class UnitReporter implements Reporter {
  onTestRunEnd(_modules: unknown, errors: readonly { message?: string; cause?: unknown }[]): void {
    const file = process.env['HEAPSCOPE_UNIT_ERRORS'];
    if (file) writeFileSync(file, JSON.stringify(errors.map(wordsOf)));
  }
}

function wordsOf({ message = '', cause }: { message?: string; cause?: unknown }): string {
  const why = typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : '';
  return [message, why].filter(Boolean).join(' ');
}
