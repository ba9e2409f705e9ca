import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeFrame, FrameReader, ProtocolViolation, type Frame } from './frame-codec.ts';
import { readMessage } from './messages.ts';

// The agent is tested against the same files: python-agent/tests/test_golden.py.
const folder = resolve(import.meta.dirname, '../../../python-agent/tests/golden');
const entries = z
  .array(
    z.object({
      file: z.string(),
      from: z.enum(['agent', 'engine']),
      kind: z.number().optional(),
      name: z.string().optional(),
      body: z.record(z.string(), z.unknown()).optional(),
      error: z.enum(['too-long', 'unknown-kind', 'malformed']).optional(),
    }),
  )
  .min(20)
  .parse(JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')));

function framesOf(file: string): Frame[] {
  return [...new FrameReader().push(readFileSync(join(folder, file)))];
}

describe('golden frames of the agent', () => {
  it.each(entries.filter((entry) => entry.from === 'agent' && entry.body))('$file is read as it is described', ({ file, kind, body }) => {
    const frames = framesOf(file);
    expect(frames).toEqual([{ kind, body }]);
    expect(readMessage(frames[0] ?? { kind: 0, body: {} })).toMatchObject({ kind, body });
  });
});

describe('golden frames of the engine', () => {
  it.each(entries.filter((entry) => entry.from === 'engine' && entry.body))('$file is what we would send', ({ file, kind, body }) => {
    expect(framesOf(file)).toEqual([{ kind, body }]);
    const [sent] = [...new FrameReader().push(encodeFrame(kind ?? 0, body ?? {}))];
    expect(sent).toEqual({ kind, body });
  });
});

describe('golden frames that break the contract', () => {
  it.each(entries.filter((entry) => entry.error))('$file is refused: $error', ({ file }) => {
    expect(() => framesOf(file).map((frame) => readMessage(frame))).toThrow(ProtocolViolation);
  });
});

it('a message that is not of its form is refused with the name of what is wrong', () => {
  expect(() => readMessage({ kind: 4, body: { t: 1, name: 7 } })).toThrow(/kind 4 with a bad name: \S/);
  expect(() => readMessage({ kind: 3, body: { c: [[1, 2, 0.5, -1, 0, 1]] } })).toThrow(/bad c\.0\.3: \S/);
});
