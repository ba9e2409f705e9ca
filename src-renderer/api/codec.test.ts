import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from './codec.ts';

/** The other side, implemented a second time, from the contract's text only. */
function serverCodec(): ExtensionCodec {
  const codec = new ExtensionCodec();
  codec.register({
    type: 1,
    encode: (value) => (value instanceof Float64Array ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null),
    decode: (data) => ({ bytes: [...data] }),
  });
  return codec;
}

function fromServer(frame: unknown): ArrayBuffer {
  return new Encoder({ extensionCodec: serverCodec() }).encode(frame).slice().buffer;
}

test('given doubles at any offset of a frame, when decoded, then they are aligned, own their memory and keep NaN', () => {
  for (let shift = 0; shift < 9; shift++) {
    const data = fromServer({ k: 'done', id: 1, r: { ok: true, value: ['x'.repeat(shift), new Float64Array([1.5, NaN, -0, Infinity])] } });
    const frame = decodeFrame(data);
    if (frame.k !== 'done' || !frame.r.ok) throw new Error('not a result');
    const [, doubles] = frame.r.value as [string, Float64Array];
    expect([...doubles]).toEqual([1.5, NaN, -0, Infinity]);
    expect(doubles.buffer.byteLength).toBe(32);
  }
});

test('given a view into a larger array, when encoded, then only its own bytes travel, as extension 1', () => {
  const whole = new Float64Array([9, 1, 2, 9]);
  const sent = encodeFrame({ k: 'call', id: 3, m: 'app.info', a: { t: whole.subarray(1, 3) } });
  const got = new Decoder({ extensionCodec: serverCodec() }).decode(sent);
  expect(got).toEqual({ k: 'call', id: 3, m: 'app.info', a: { t: { bytes: [...new Uint8Array(new Float64Array([1, 2]).buffer)] } } });
});

test('given an argument that is undefined, when encoded, then it is left out instead of becoming null', () => {
  const sent = encodeFrame({ k: 'call', id: 1, m: 'sessions.update', a: { name: 'n', note: undefined } });
  expect(new Decoder().decode(sent)).toEqual({ k: 'call', id: 1, m: 'sessions.update', a: { name: 'n' } });
});
