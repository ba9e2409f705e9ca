import { encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { encodeFrame, FrameReader, MAX_DEPTH, ProtocolViolation } from '../../engine/agent-link/frame-codec.ts';
import { Kind, readMessage } from '../../engine/agent-link/messages.ts';
import { damaged, damages, type Damage } from '../bytes.ts';
import { Found, guarded } from '../guard.ts';
import type { Subject } from '../subject.ts';

interface FramesRecipe {
  frames: { kind: number; body: Record<string, unknown> }[];
  /** Arrays nested this deep at the end. */
  deep: number;
  damage: Damage[];
  /** Bytes per chunk. */
  piece: number;
}

const HELLO = {
  v: 2,
  agent: '1',
  token: 't',
  t: 1,
  pid: 2,
  ppid: 1,
  python: '3.13',
  implementation: 'cpython',
  executable: null,
  argv: [],
};
const REST = {
  cwd: null,
  platform: 'linux',
  free_threaded: false,
  reason: 'start',
  debug: false,
  blocks: 1,
  gc: [1],
  garbage: 0,
  name: 'x',
};
const KEYS = [
  ...Object.keys(HELLO),
  ...Object.keys(REST),
  'id',
  'ok',
  'code',
  'error',
  'signal',
  'os',
  'dropped',
  'cost',
  'frames',
  '__proto__',
];

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(2 ** 53, -1, 1e308, '‮', ''),
  fc.array(fc.integer(), { maxLength: 300 }),
);
const bodies = fc
  .dictionary(fc.constantFrom(...KEYS), values, { maxKeys: 12 })
  .chain((odd) => fc.constantFrom({ ...HELLO, ...REST, ...odd }, { ...HELLO, ...REST }, odd));

export const frames: Subject<FramesRecipe> = {
  name: 'frames',
  few: 300,
  recipes: fc.record({
    frames: fc.array(fc.record({ kind: fc.oneof(fc.constantFrom(...Object.values(Kind)), fc.nat(255)), body: bodies }), { maxLength: 5 }),
    deep: fc.constantFrom(0, 0, 0, 100, 20_000),
    damage: fc.oneof(fc.constant<Damage[]>([]), damages(4)),
    piece: fc.integer({ min: 1, max: 4096 }),
  }),
  run: (recipe) =>
    guarded(
      () => {
        const bytes = damaged(
          Buffer.concat([...recipe.frames.map(({ kind, body }) => encodeFrame(kind, body)), nested(recipe.deep)]),
          recipe.damage,
        );
        const reader = new FrameReader();
        for (let at = 0; at < bytes.length; at += recipe.piece) {
          for (const frame of reader.push(bytes.subarray(at, at + recipe.piece))) readOne(frame);
        }
      },
      (thrown) => thrown instanceof ProtocolViolation,
    ),
};

/** A bad message is refused alone; the next one may be valid. */
function readOne(frame: Parameters<typeof readMessage>[0]): void {
  if (levels(frame.body) > MAX_DEPTH) throw new Found('a body of more levels than are taken');
  try {
    readMessage(frame);
  } catch (thrown) {
    if (!(thrown instanceof ProtocolViolation)) throw thrown;
  }
}

/** Arrays and maps within each other; counted level by level, since an accepted body may be nested deeper than the stack allows. */
function levels(body: unknown): number {
  let depth = 0;
  for (let level: unknown[] = [body]; level.some(isNest); depth++)
    level = level.filter(isNest).flatMap((value) => Object.values(value as object) as unknown[]);
  return depth;
}

const isNest = (value: unknown): boolean => typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);

function nested(deep: number): Uint8Array {
  if (deep === 0) return new Uint8Array();
  const body = Buffer.concat([Uint8Array.of(0x81), encode('x'), new Uint8Array(deep).fill(0x91), Uint8Array.of(0xc0)]);
  const head = Buffer.alloc(5);
  head.writeUInt32LE(body.length);
  head[4] = Kind.mark;
  return Buffer.concat([head, body]);
}
