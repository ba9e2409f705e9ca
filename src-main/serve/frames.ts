import { z } from 'zod';
import type { ClientFrame, MethodName } from '../../src-preload/contract/index.ts';
import { decodeBytes } from './codec.ts';

const id = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The router checks the method's name and arguments. */
const call = z.strictObject({ k: z.literal('call'), id, m: z.string().max(100), a: z.unknown() });
const cancel = z.strictObject({ k: z.literal('cancel'), id });
const frame = z.discriminatedUnion('k', [call, cancel]);

/** The arguments of a launch are the largest except for a dropped file, which comes whole, as opaque bytes. */
const LARGEST = 8 << 20;
const MAY_BE_LARGER: MethodName = 'files.receive';

/** A call of any method name. */
export type IncomingFrame = { k: 'call'; id: number; m: string; a: unknown } | Extract<ClientFrame, { k: 'cancel' }>;

/** A frame sent by a browser, or null if it is not valid. */
export function readFrame(data: Uint8Array): IncomingFrame | null {
  try {
    const read = frame.parse(decodeBytes(data));
    if (data.length > LARGEST && (read.k === 'cancel' || read.m !== MAY_BE_LARGER)) return null;
    return read.k === 'cancel' ? read : { k: 'call', id: read.id, m: read.m, a: read.a };
  } catch {
    return null;
  }
}
