/**
 * The fields used of `/proc/PID/stat` (proc_pid_stat(5), field numbers from 1). Parsed from bytes without creating strings: it is read for
 * each process at each tick.
 */
export interface ProcessStat {
  /** Field 2 as bytes; it changes with `exec`. */
  name: string;
  /** Field 3: `R`, `S`, `D`, `Z`, `X`, … */
  state: string;
  ppid: number;
  session: number;
  /** Field 8: the terminal's foreground group; -1: none. */
  foregroundGroup: number;
  /** Field 9 contains PF_EXITING: the process is ending, and `exitStatus` is valid. */
  exiting: boolean;
  /** Fields 14 and 15, in clock ticks. */
  cpuTicks: number;
  threads: number;
  /** Field 22, in clock ticks since the machine started. */
  startTicks: number;
  /** Field 52, as of wait(2); 0 where it is not readable. Only valid while `exiting` or a zombie. */
  exitStatus: number;
}

const PF_EXITING = 0x4;
const SPACE = 0x20;
const CLOSING = 0x29;
const MINUS = 0x2d;

/** null: not a stat line (an empty read of a process that has ended). */
export function parseStat(bytes: Uint8Array, length = bytes.length): ProcessStat | null {
  // The name may contain anything, even `) R 1`; the last parenthesis ends it.
  const close = bytes.lastIndexOf(CLOSING, length - 1);
  const open = bytes.indexOf(0x28);
  if (open === -1 || close < open || close + 2 >= length) return null;
  const fields = new Fields(bytes, close + 4, length);
  const ppid = fields.next();
  fields.skip(1);
  const session = fields.next();
  fields.skip(1);
  const foregroundGroup = fields.next();
  const flags = fields.next();
  fields.skip(4);
  const cpuTicks = fields.next() + fields.next();
  fields.skip(4);
  const threads = fields.next();
  fields.skip(1);
  const startTicks = fields.next();
  fields.skip(29);
  const exitStatus = fields.next();
  return {
    name: Buffer.from(bytes.buffer, bytes.byteOffset + open + 1, close - open - 1).toString('latin1'),
    state: String.fromCharCode(bytes[close + 2]!),
    ppid,
    session,
    foregroundGroup,
    exiting: (flags & PF_EXITING) !== 0,
    cpuTicks,
    threads,
    startTicks,
    exitStatus,
  };
}

/** Reads decimal numbers one after the other; a missing one is 0. */
class Fields {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  next(): number {
    let value = 0;
    let negative = false;
    while (this.#at < this.#end && this.#bytes[this.#at] === SPACE) this.#at++;
    for (; this.#at < this.#end; this.#at++) {
      const char = this.#bytes[this.#at]!;
      if (char === MINUS) negative = true;
      else if (char >= 0x30 && char <= 0x39) value = value * 10 + (char - 0x30);
      else break;
    }
    return negative ? -value : value;
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.next();
  }
}
