import { z } from 'zod';
import {
  LARGEST_SAMPLING,
  type AgentState,
  type EventKind,
  type EventRow,
  type ExitStatus,
  type Facts,
  type Interpreter,
  type ProcessRow,
  type SessionOrigin,
  type SessionRow,
  type SessionState,
} from '../../../src-preload/contract/index.ts';
import { figure, HIGHEST_ID, id, idOrNull, LINE, moment, or, PROSE, shown, text, textOrNull, time, timeOrNull, whole } from './cells.ts';
import type { Row } from './sqlite.ts';

/** Maximum length of JSON in an untrusted file: longer ones are not parsed. */
const LONGEST_JSON = 4 * 1024 * 1024;
/** Of any system: Linux stops at 2^22, Windows uses 32 bits. */
export const HIGHEST_PID = 2 ** 32;

const exitSchema = z.object({ code: z.number().nullable(), signal: z.string().nullable(), outOfMemory: z.boolean() });
const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const intervalSchema = z.number().min(10).max(60_000);
const launchSchema = z.object({
  mode: z.enum(['script', 'module', 'code', 'command']),
  interpreter: z.string(),
  target: z.string(),
  args: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string().nullable()),
  intervalMs: intervalSchema,
  tracemallocFrames: z.number().int().min(0),
  sampling: z.number().int().min(0).max(LARGEST_SAMPLING).default(0),
});
const originSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('launched'), spec: launchSchema }),
  z.object({ kind: z.literal('attached'), pid: z.number().int().min(1).max(HIGHEST_PID), intervalMs: intervalSchema }),
  z.object({ kind: z.literal('imported'), format: z.string().max(LINE), from: z.string().max(PROSE) }),
]) satisfies z.ZodType<SessionOrigin>;
const interpreterSchema = z.object({
  path: z.string(),
  version: z.string().nullable(),
  implementation: z.string().nullable(),
  source: z.enum(['path', 'venv', 'active-venv', 'pyenv', 'conda', 'named']),
  support: z.enum(['full', 'too-old', 'too-new', 'not-cpython', 'broken']),
  freeThreaded: z.boolean(),
  environment: z.string().nullable(),
});
const stateSchema = z.enum(['running', 'ended', 'interrupted', 'stopped-recording']) satisfies z.ZodType<SessionState>;
const agentSchema = z.enum(['none', 'connected', 'not-answering', 'gone', 'refused']) satisfies z.ZodType<AgentState>;
const kindSchema = z.enum([
  'mark',
  'process-start',
  'process-end',
  'agent-connected',
  'agent-lost',
  'agent-silent',
  'agent-refused',
  'agent-unidentified',
  'agent-unrelated',
  'agent-fault',
  'agent-dropped',
  'stranger',
  'exec',
  'tracemalloc',
  'collect',
  'garbage',
  'collections-sampled',
  'sampling',
  'snapshot',
  'snapshot-failed',
  'stop',
  'console-cut',
  'recording-fault',
]) satisfies z.ZodType<EventKind>;

/** Replaces an origin that cannot be read: nothing in it would run. */
export const NO_ORIGIN: SessionOrigin = {
  kind: 'launched',
  spec: {
    mode: 'script',
    interpreter: '',
    target: '',
    args: [],
    cwd: '',
    env: {},
    intervalMs: 100,
    tracemallocFrames: 0,
    sampling: 0,
  },
};

/** Columns of a session with what is counted over its processes. */
export const SESSION_COLUMNS = `session.*,
  (SELECT count(*) FROM process WHERE process.session = session.id) AS processes,
  EXISTS (SELECT 1 FROM process WHERE process.session = session.id AND agent IN ('connected', 'not-answering', 'gone')) AS has_agent`;

/**
 * A session is never lost because of a bad cell in its row: its data is worth more than a name. Only its number must be valid. `running` is
 * the state shown for a session stored as running: it is recorded by another process, or interrupted.
 */
export function toSession(row: Row, running: 'running' | 'interrupted'): SessionRow {
  const state = stateSchema.safeParse(row['state']).data ?? 'interrupted';
  return {
    id: id(row, 'id'),
    uuid: or(`#${String(row['id'])}`, () => text(row, 'uuid', 100)),
    name: shown(row, 'name', LINE),
    note: shown(row, 'note', PROSE),
    state: state === 'running' ? running : state,
    program: shown(row, 'program', PROSE),
    origin: parse<SessionOrigin>(originSchema, row['origin']) ?? NO_ORIGIN,
    interpreter: parse<Interpreter>(interpreterSchema, row['interpreter']),
    startedAt: or(0, () => moment(row, 'started_at')),
    duration: or(0, () => time(row, 'duration')),
    peakRss: figure(row, 'peak_rss'),
    exit: parse<ExitStatus>(exitSchema, row['exit']),
    processes: whole(row, 'processes'),
    samples: or(0, () => whole(row, 'samples')),
    agent: row['has_agent'] === 1,
  };
}

export function toProcess(row: Row): ProcessRow {
  return {
    id: id(row, 'id'),
    session: id(row, 'session'),
    pid: whole(row, 'pid', 0, HIGHEST_PID),
    parent: or(null, () => idOrNull(row, 'parent')),
    ordinal: whole(row, 'ordinal', 0, HIGHEST_ID),
    command: shown(row, 'command', PROSE),
    python: or(null, () => textOrNull(row, 'python', LINE)),
    start: time(row, 'start'),
    end: or(null, () => timeOrNull(row, 'ended')),
    exit: parse<ExitStatus>(exitSchema, row['exit']),
    agent: agentSchema.safeParse(row['agent']).data ?? 'none',
  };
}

/** null: of an unknown kind. */
export function toEvent(row: Row): EventRow | null {
  const kind = kindSchema.safeParse(row['kind']).data;
  if (kind === undefined) return null;
  const facts = parse<Facts>(factsSchema, row['facts']) ?? {};
  return {
    id: id(row, 'id'),
    session: id(row, 'session'),
    process: or(null, () => idOrNull(row, 'process')),
    t: time(row, 't'),
    kind,
    facts,
  };
}

export function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** JSON of a cell; null: invalid, too long, or of another form. */
export function parse<T>(schema: z.ZodType<T>, cell: unknown): T | null {
  if (typeof cell !== 'string' || cell.length > LONGEST_JSON) return null;
  try {
    return schema.safeParse(JSON.parse(cell)).data ?? null;
  } catch {
    return null;
  }
}
