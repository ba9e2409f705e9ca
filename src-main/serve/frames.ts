import { z } from 'zod';
import type { ClientFrame, MethodName } from '../../src-preload/contract/index.ts';
import { decodeBytes } from './codec.ts';

const id = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The method's name and arguments are checked by the router. */
const call = z.strictObject({ k: z.literal('call'), id, m: z.string().max(100), a: z.unknown() });
const cancel = z.strictObject({ k: z.literal('cancel'), id });
const frame = z.discriminatedUnion('k', [call, cancel]);

/** Arguments of a launch are the largest of all others; a dropped file comes whole, and as bytes that are not looked into. */
const LARGEST = 8 << 20;
const MAY_BE_LARGER: MethodName = 'files.receive';

/** A call whose method may be any name. */
export type IncomingFrame = { k: 'call'; id: number; m: string; a: unknown } | Extract<ClientFrame, { k: 'cancel' }>;

/** What a browser sent, or null where it is no frame. */
export function readFrame(data: Uint8Array): IncomingFrame | null {
  try {
    const read = frame.parse(decodeBytes(data));
    if (data.length > LARGEST && (read.k === 'cancel' || read.m !== MAY_BE_LARGER)) return null;
    return read.k === 'cancel' ? read : { k: 'call', id: read.id, m: read.m, a: read.a };
  } catch {
    return null;
  }
}
