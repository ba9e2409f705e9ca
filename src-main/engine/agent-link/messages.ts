import { z } from 'zod';
import { ProtocolViolation, type Frame } from './frame-codec.ts';

/** Version of the wire protocol that this engine speaks. */
export const PROTOCOL_VERSION = 2;

export const Kind = {
  hello: 1,
  sample: 2,
  gc: 3,
  mark: 4,
  reply: 5,
  fault: 6,
  bye: 7,
  garbage: 8,
  snapshot: 9,
  dump: 10,
  allocations: 11,
  welcome: 64,
  refuse: 65,
  command: 66,
} as const;

/** Limit of times on an agent's clock. Beyond it sums of times would lose precision or become infinite. */
const seconds = z.number().min(-1e10).max(1e10);
/** The same limit for durations. */
const span = z.number().min(0).max(1e10);
const count = z.number().int().nonnegative();
const text = z.string().max(65_536);

const hello = z.object({
  v: count,
  agent: text,
  token: text,
  t: seconds,
  pid: count,
  ppid: count,
  python: text,
  implementation: text,
  executable: text.nullable(),
  argv: z.array(text).max(256),
  cwd: text.nullable(),
  platform: text,
  free_threaded: z.boolean(),
  reason: z.enum(['start', 'attach', 'fork', 'reconnect', 'unsupported']),
  debug: z.boolean(),
});

const sample = z.object({
  t: seconds,
  blocks: count.nullable(),
  gc: z.array(z.number().int()).max(8),
  garbage: count,
  traced: count.nullable(),
  traced_peak: count.nullable(),
  frames: count,
  cost: span,
  dropped: count,
  os: z
    .object({
      rss: count.nullable(),
      peak_rss: count.nullable(),
      threads: count.nullable(),
      cpu: span.nullable(),
      files: count.nullable(),
    })
    .partial()
    .nullish(),
});

/** t, generation, duration (null: not timed), collected, uncollectable, n */
const collection = z.tuple([seconds, z.number().int().min(0).max(7), span.nullable(), count, count, count]);

/** What a forked copy and its agent both say: a random number, as hex. */
const key = z.string().regex(/^[0-9a-f]{32}$/);

const snapshot = z.object({
  t: seconds,
  number: count,
  state: z.enum(['preparing', 'started', 'progress', 'done', 'failed']),
  name: text,
  trigger: z.enum(['command', 'program', 'exit']),
  path: text.nullable(),
  stream: key.nullish(),
  method: z.enum(['fork', 'in-place', 'python', 'census']).nullable(),
  why: text,
  collected: z.boolean(),
  previews: z.boolean(),
  at: seconds.nullable(),
  pause: span.nullable(),
  expected: span.nullable(),
  duration: span,
  nodes: count.nullable(),
  edges: count.nullable(),
  tracked: count.nullable(),
  bytes: count.nullable(),
  memory: count.nullable(),
  code: text.nullable(),
  error: text.nullable(),
  signal: count.nullable(),
});

const dump = z.object({ v: count, token: text, key });

/** Estimates: sums of bytes, of blocks, of variances. */
const estimate = z.number().min(0).max(1e30);
const rows = 100_000;

const allocations = z.object({
  t: seconds,
  epoch: count,
  mean: count,
  state: z.enum(['on', 'off', 'lost', 'unavailable']),
  why: z.string().max(200),
  live: count,
  merged: count,
  /** The limit is one of characters, which are up to two of ours. */
  strings: z.array(z.string().max(2000)).max(rows),
  /** parent (-1: none), name, file, line */
  nodes: z.array(z.tuple([z.number().int().min(-1), count, count, count.max(2 ** 31 - 1)])).max(rows),
  /** node, bytes, blocks, variance */
  made: z.array(z.tuple([count, estimate, estimate, estimate])).max(rows),
  /** node, epoch in which they were made, bytes, blocks, variance */
  freed: z.array(z.tuple([count, count, estimate, estimate, estimate])).max(rows),
  more: z.boolean().optional(),
});

const schemas = {
  [Kind.hello]: hello,
  [Kind.sample]: sample,
  [Kind.gc]: z.object({ c: z.array(collection).max(10_000) }),
  [Kind.mark]: z.object({ t: seconds, name: text }),
  [Kind.reply]: z.object({
    id: count.nullable(),
    ok: z.boolean(),
    result: z.record(z.string(), z.unknown()).optional(),
    code: text.optional(),
    error: text.optional(),
  }),
  [Kind.fault]: z.object({ t: seconds, where: text, message: text }),
  [Kind.bye]: z.object({ t: seconds, reason: z.enum(['exit', '_exit', 'exec']), code: z.number().int().nullable() }),
  [Kind.garbage]: z.object({ t: seconds, total: count, types: z.array(z.tuple([text, count])).max(50) }),
  [Kind.snapshot]: snapshot,
  [Kind.dump]: dump,
  [Kind.allocations]: allocations,
} as const;

export type Hello = z.infer<typeof hello>;
/** A forked copy that sends its dump; the first and only frame of its connection. */
export type DumpHello = z.infer<typeof dump>;
export type Reply = z.infer<(typeof schemas)[typeof Kind.reply]>;
/** The state of a heap snapshot: PROTOCOL.md, "Heap snapshots". */
export type SnapshotMessage = z.infer<typeof snapshot>;
/** What was allocated and freed since the last one: PROTOCOL.md, "Sampled allocations". */
export type AllocationMessage = z.infer<typeof allocations>;
export type Sample = z.infer<typeof sample>;
export type Collection = z.infer<typeof collection>;

/** The messages of an agent, distinguished by `kind`. */
export type AgentMessage = { [K in keyof typeof schemas]: { kind: K; body: z.infer<(typeof schemas)[K]> } }[keyof typeof schemas];

function isKnown(kind: number): kind is keyof typeof schemas {
  return kind in schemas;
}

/** Throws `ProtocolViolation` for a kind that an agent must not send, or a malformed body. */
export function readMessage(frame: Frame): AgentMessage {
  if (!isKnown(frame.kind)) throw new ProtocolViolation(`a frame of the unknown kind ${frame.kind}`);
  const parsed = schemas[frame.kind].safeParse(frame.body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ProtocolViolation(`a frame of kind ${frame.kind} with a bad ${issue?.path.join('.') || 'body'}: ${issue?.message ?? ''}`);
  }
  return { kind: frame.kind, body: parsed.data } as AgentMessage;
}
