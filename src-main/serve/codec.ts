import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import type { ServerFrame } from '../../src-preload/contract/index.ts';
import { isShallow } from '../engine/faces/base.ts';
import { MOST_LEVELS } from '../rpc/depth.ts';

/** MessagePack extension of the contract: a Float64Array as its little-endian bytes. */
const FLOAT64_ARRAY = 1;
/** No call's arguments come near these limits; headers that claim more are refused before anything is allocated. */
const LIMITS = { maxArrayLength: 100_000, maxMapLength: 10_000, maxStrLength: 4 << 20, maxExtLength: 0 };
/** Nesting depth of the arguments plus the frame around them. */
const LEVELS = MOST_LEVELS + 1;
/** Two lists of objects at their limit, and some more: otherwise a frame of single bytes would expand a hundredfold. */
const VALUES = 500_000;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: FLOAT64_ARRAY,
  encode: (value) => (value instanceof Float64Array ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null),
  decode: () => null,
});

const encoder = new Encoder({ extensionCodec, ignoreUndefined: true });
const decoder = new Decoder({ extensionCodec, ...LIMITS });

/** The bytes belong to the caller. */
export function encodeFrame(frame: ServerFrame): Uint8Array<ArrayBuffer> {
  return encoder.encode(frame);
}

/** Throws unless the bytes are exactly one MessagePack value within the limits. No argument is a Float64Array. */
export function decodeBytes(data: Uint8Array): unknown {
  if (!isShallow(data, LEVELS, VALUES)) throw new RangeError('a frame of too many levels or values');
  return decoder.decode(data);
}
