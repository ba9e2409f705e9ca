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
    result: { total: number; hits: ConsoleHit[] };
  };
  'console.write': { args: SessionRef & { data: string }; result: Empty };
  'console.resize': { args: SessionRef & { columns: number; rows: number }; result: Empty };
}
