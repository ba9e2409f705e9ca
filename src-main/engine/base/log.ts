import type { EventEmitter } from 'node:events';

/** Lines for finding the cause of a fault; never for the user, who gets an error with its facts. */
export interface Log {
  info(message: string): void;
  warn(message: string, thrown?: unknown): void;
}

/** Writes to standard error, each line with its time. */
export const stderrLog: Log = {
  info: (message) => write('info', message),
  warn: (message, thrown) => write('warn', thrown === undefined ? message : `${message}: ${describe(thrown)}`),
};

/** Writes nothing: for tests and for commands whose output belongs to the user. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined };

/**
 * Writes may fail: a full disk behind `2>`, a reader that has exited, a closed terminal. Without an error listener Node would end the
 * process in each case; our work and its exit status must not depend on who reads the log.
 */
export function outliveReaders(streams: readonly EventEmitter[]): void {
  for (const stream of streams) stream.on('error', () => undefined);
}

function write(level: string, message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
