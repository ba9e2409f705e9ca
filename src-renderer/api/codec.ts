import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import type { ClientFrame, ServerFrame } from '../../src-preload/contract/index.ts';

/** MessagePack extension of the contract: a Float64Array as its little-endian bytes. */
const FLOAT64_ARRAY = 1;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: FLOAT64_ARRAY,
  encode: (value) => (value instanceof Float64Array ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null),
  // Copied: doubles need an offset that is a multiple of 8, and a view would keep the whole frame alive.
  decode: (data) => new Float64Array(new Uint8Array(data).buffer),
});

const encoder = new Encoder({ extensionCodec, ignoreUndefined: true });
const decoder = new Decoder({ extensionCodec });

export function encodeFrame(frame: ClientFrame): Uint8Array<ArrayBuffer> {
  return encoder.encode(frame);
}

/** Trusted: it comes from the server that served this page. */
export function decodeFrame(data: ArrayBuffer): ServerFrame {
  return decoder.decode(data) as ServerFrame;
}
