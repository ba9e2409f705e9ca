import { Decoder, encode } from '@msgpack/msgpack';
import { isShallow } from '../base/frame-depth.ts';

/** Largest body of a frame, as PROTOCOL.md says. */
export const MAX_BODY = 1_048_576;
const HEADER = 5;
/** Nesting depth of arrays and maps; an agent's messages need five. */
export const MAX_DEPTH = 16;

/** A broken contract: the connection cannot continue. Not a failed operation. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
}

export interface Frame {
  kind: number;
  body: Record<string, unknown>;
}

/** One frame as bytes: u32 length of the body, u8 kind, MessagePack map. */
export function encodeFrame(kind: number, body: Record<string, unknown>): Uint8Array {
  const packed = encode(body);
  const frame = new Uint8Array(HEADER + packed.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, packed.length, true);
  view.setUint8(4, kind);
  frame.set(packed, HEADER);
  return frame;
}

/**
 * Collects bytes as they arrive and returns whole frames. A frame that announces too many bytes is refused before any of them is kept, so
 * that a stranger can make us hold no more than `limit`.
 */
export class FrameReader {
  #limit: number;
  #kept: Buffer = Buffer.alloc(0);
  readonly #decoder: Decoder;

  /** `limit`: largest accepted body; raised once the peer is known. */
  constructor(limit = MAX_BODY) {
    this.#limit = limit;
    this.#decoder = new Decoder({
      maxStrLength: MAX_BODY,
      maxBinLength: MAX_BODY,
      maxArrayLength: 100_000,
      maxMapLength: 10_000,
      maxExtLength: 0,
    });
  }

  allow(limit: number): void {
    this.#limit = limit;
  }

  /** What came after the last frame; it is given away. */
  rest(): Uint8Array {
    const kept = this.#kept;
    this.#kept = Buffer.alloc(0);
    return kept;
  }

  /** Throws `ProtocolViolation`; after that the reader must not be used. */
  *push(bytes: Uint8Array): Generator<Frame> {
    this.#kept = this.#kept.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#kept, bytes]);
    while (this.#kept.length >= HEADER) {
      const length = this.#kept.readUInt32LE(0);
      if (length > this.#limit) throw new ProtocolViolation(`a frame of ${length} bytes; at most ${this.#limit} are taken`);
      if (this.#kept.length < HEADER + length) return;
      const kind = this.#kept.readUInt8(4);
      const body = this.#decode(this.#kept.subarray(HEADER, HEADER + length));
      this.#kept = this.#kept.subarray(HEADER + length);
      yield { kind, body };
    }
  }

  #decode(bytes: Uint8Array): Record<string, unknown> {
    if (!isShallow(bytes, MAX_DEPTH)) throw new ProtocolViolation(`a frame of more than ${MAX_DEPTH} levels`);
    let value: unknown;
    try {
      value = this.#decoder.decode(bytes);
    } catch (thrown) {
      throw new ProtocolViolation(`a frame that is not MessagePack: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
    if (!isMap(value)) throw new ProtocolViolation('a frame whose body is not a map');
    return value;
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
