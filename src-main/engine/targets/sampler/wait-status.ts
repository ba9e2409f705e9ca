import type { TargetExit } from '../target.ts';
import { signalName } from '../exit-once.ts';

/** Decodes a status as of wait(2): the low seven bits are the signal, bit 7 a core dump, the next byte the exit code. */
export function decodeWaitStatus(status: number): TargetExit {
  const signal = status & 0x7f;
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: null };
  return { code: null, signal: signalName(signal) ?? `SIG${signal}` };
}
