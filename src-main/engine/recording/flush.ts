import { HeapscopeError, messageOf } from '../base/errors.ts';
import type { SessionWriter } from '../project/index.ts';

/** Writes what the session has taken in to its file. Returns why that failed; null: it is there. */
export function flush(writer: SessionWriter, path: string): HeapscopeError | null {
  try {
    writer.flush();
    return null;
  } catch (thrown) {
    if (thrown instanceof HeapscopeError) return thrown;
    return new HeapscopeError('recording.write-failed', { path, detail: messageOf(thrown) }, thrown);
  }
}
