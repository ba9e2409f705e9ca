import type { Empty } from '../calls.ts';
import type { ConsoleHit, ConsoleInfo, ConsolePart } from '../console.ts';
import type { SessionRef } from '../project.ts';
import type { Bytes } from '../units.ts';

/** The program's terminal. */
export interface ConsoleMethods {
  'console.info': { args: SessionRef; result: ConsoleInfo };
  /** From `offset` on, at most `limit` bytes. */
  'console.read': { args: SessionRef & { offset: Bytes; limit: Bytes }; result: ConsolePart[] };
  'console.search': {
    args: SessionRef & { text: string; matchCase: boolean; limit: number };
    /** `searched`: the bytes that are kept, of all that was printed. */
    result: { total: number; hits: ConsoleHit[]; searched: Bytes; printed: Bytes };
  };
  'console.write': { args: SessionRef & { data: string }; result: Empty };
  'console.resize': { args: SessionRef & { columns: number; rows: number }; result: Empty };
}
